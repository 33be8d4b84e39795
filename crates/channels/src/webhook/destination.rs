//! Where a webhook goes: parsed once, resolved once for each connection, judged, and connected to
//! at exactly the addresses that were judged.

use super::address::{Reach, reach};
use super::fault::Fault;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use thiserror::Error;
use url::{Host, Url};

/// The longest URL, in bytes.
const LONGEST: usize = 2_000;
/// The most hosts that may be allowed.
const ALLOWED_MOST: usize = 20;
/// The most addresses of one name that are looked at.
const ADDRESSES_MOST: usize = 32;

/// Looks a name up.
pub type Lookup = Arc<dyn Fn(String) -> LookingUp + Send + Sync>;
/// The addresses of a name, on their way.
pub type LookingUp = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// The system's own way to look a name up.
pub fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// The hosts that webhooks may reach although their addresses are not public, and without TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AllowList(Vec<String>);

impl AllowList {
    /// Parses host names and addresses, without scheme or port.
    pub(crate) fn parse(hosts: &[String]) -> Result<AllowList, Fault> {
        if hosts.len() > ALLOWED_MOST {
            return Err(Fault::refused(format!(
                "{} hosts are to be allowed, and {ALLOWED_MOST} is the most: name fewer",
                hosts.len()
            )));
        }
        let mut allowed =
            hosts.iter().map(|text| plain_host(text)).collect::<Result<Vec<_>, _>>()?;
        allowed.sort();
        allowed.dedup();
        Ok(AllowList(allowed))
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|allowed| allowed == host.trim_end_matches('.'))
    }
}

/// A host as a URL would hold it: lower case, punycode, an address in its one usual form.
fn plain_host(text: &str) -> Result<String, Fault> {
    let wrong = || {
        let shown: String = text.chars().take(64).collect();
        Fault::refused(format!(
            "{shown:?} is not a host: write a name such as cad.example.org or an address, without \
             scheme, port or path"
        ))
    };
    let bare = text.trim().trim_end_matches('.');
    let host = match bare.parse::<std::net::Ipv6Addr>() {
        Ok(ip) => return Ok(ip.to_string()),
        Err(_) => Host::parse(bare).map_err(|_| wrong())?,
    };
    match host {
        Host::Domain(name) if name.is_empty() || name.contains('*') => Err(wrong()),
        Host::Domain(name) => Ok(name),
        Host::Ipv4(ip) => Ok(ip.to_string()),
        Host::Ipv6(ip) => Ok(ip.to_string()),
    }
}

/// Why an address is not reached.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Barred {
    /// Not public, and not on the allow-list.
    #[error(
        "{host} is at {ip}, which is not a public address: if it is meant, whoever operates \
         Callbox allows it with --webhook-allow-host {host}"
    )]
    Private { host: String, ip: IpAddr },
    /// Never.
    #[error(
        "{host} is at {ip}, a link-local, metadata, multicast or unspecified address, which no \
         webhook may reach: use another"
    )]
    Never { host: String, ip: IpAddr },
    /// No address at all.
    #[error("{host} has no address: check the name and the name server")]
    Nowhere { host: String },
}

fn judge(host: &str, ip: IpAddr, allow: &AllowList) -> Result<(), Barred> {
    match reach(ip) {
        Reach::Public => Ok(()),
        Reach::Private if allow.has(host) => Ok(()),
        Reach::Private => Err(Barred::Private { host: host.to_owned(), ip }),
        Reach::Never => Err(Barred::Never { host: host.to_owned(), ip }),
    }
}

/// Parses and judges what can be judged without looking anything up.
pub(crate) fn parse(text: &str, allow: &AllowList) -> Result<Url, Fault> {
    if text.len() > LONGEST {
        let sentence = format!("the URL has more than {LONGEST} bytes: shorten it");
        return Err(Fault::refused(sentence));
    }
    let url = Url::parse(text.trim()).map_err(|error| {
        Fault::refused(format!("that is not a URL ({error}): write https://HOST/PATH"))
    })?;
    let Some(host) = url.host() else {
        return Err(Fault::refused("the URL names no host: write https://HOST/PATH"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        let sentence = "the URL holds a user name or password: leave it out, the signature tells \
                        who sends";
        return Err(Fault::refused(sentence));
    }
    if url.fragment().is_some() {
        return Err(Fault::refused(
            "the URL holds a fragment (#…), which is not sent: leave it out",
        ));
    }
    let name = name_of(&host);
    match url.scheme() {
        "https" => {}
        "http" if allow.has(&name) => {}
        "http" => {
            let sentence = format!(
                "webhooks go over https: use https://{name}; a host of your own without TLS is \
                 allowed by whoever operates Callbox, with --webhook-allow-host {name}"
            );
            return Err(Fault::refused(sentence));
        }
        other => {
            let sentence = format!("webhooks go over https, not {other}: write https://HOST/PATH");
            return Err(Fault::refused(sentence));
        }
    }
    if is_this_computer(&name) && !allow.has(&name) {
        let sentence = format!(
            "{name} is this computer and not a public address: if it is meant, whoever operates \
             Callbox allows it with --webhook-allow-host {name}"
        );
        return Err(Fault::refused(sentence));
    }
    if let Some(ip) = literal(&host) {
        judge(&name, ip, allow).map_err(|barred| Fault::refused(barred.to_string()))?;
    }
    Ok(url)
}

fn name_of(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => (*name).to_owned(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    }
}

/// RFC 6761, section 6.3, whatever a name server says.
fn is_this_computer(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
    }
}

/// Looks names up for the client: what it returns is what is connected to.
pub(crate) struct Judging {
    pub lookup: Lookup,
    pub allow: AllowList,
}

impl Judging {
    /// The addresses of a name. One that is barred bars them all, since whoever answers for the
    /// name chooses which is used.
    pub(crate) async fn addresses(
        &self,
        host: &str,
    ) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let mut found = (self.lookup)(host.to_owned()).await?;
        found.truncate(ADDRESSES_MOST);
        if found.is_empty() {
            return Err(Barred::Nowhere { host: host.to_owned() }.into());
        }
        for ip in &found {
            judge(host, *ip, &self.allow)?;
        }
        Ok(found)
    }
}

impl Resolve for Judging {
    fn resolve(&self, name: Name) -> Resolving {
        let judging = Judging { lookup: self.lookup.clone(), allow: self.allow.clone() };
        Box::pin(async move {
            let found = judging.addresses(name.as_str()).await?;
            // The port is the URL's.
            let addresses: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(hosts: &[&str]) -> AllowList {
        AllowList::parse(&hosts.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_is_not_public_is_refused_in_every_way_to_write_it() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://１２７.0.0.1/",
            "https://127.0.0.1./",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[fe80::1]/",
            "https://10.1.2.3:8443/x",
            "https://169.254.169.254/latest/meta-data",
            "https://0/",
            "https://[fd00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://LOCALHOST:8443/",
            "https://localhost./",
            "https://a.localhost/",
        ] {
            let refused = parse(url, &AllowList::default()).unwrap_err().to_string();
            assert!(refused.contains("address"), "{url}: {refused}");
        }
    }

    #[test]
    fn what_is_no_plain_https_url_is_refused_with_what_to_do() {
        for (url, says) in [
            ("", "write https://"),
            ("example.org/x", "write https://"),
            ("http://example.org/", "use https://example.org"),
            ("ftp://example.org/", "not ftp"),
            ("file:///etc/passwd", "names no host"),
            ("data:text/plain,x", "names no host"),
            ("https://u:p@example.org/", "user name or password"),
            ("https://example.org/#x", "fragment"),
        ] {
            let refused = parse(url, &AllowList::default()).unwrap_err().to_string();
            assert!(refused.contains(says), "{url}: {refused}");
        }
        let long = format!("https://example.org/{}", "x".repeat(LONGEST));
        assert!(parse(&long, &AllowList::default()).is_err());
        assert!(parse("https://example.org:8443/a?b=c", &AllowList::default()).is_ok());
        assert!(parse("https://8.8.8.8/", &AllowList::default()).is_ok());
    }

    #[test]
    fn the_allow_list_opens_a_host_and_no_other_and_never_the_metadata_address() {
        let list = allow(&["127.0.0.1", "CAD.Example.org.", "::1", "169.254.169.254", "[fd00::1]"]);
        for url in [
            "http://127.0.0.1:8080/",
            "https://2130706433/",
            "http://cad.example.ORG/hook",
            "http://[::1]/",
            "http://[fd00::1]/",
        ] {
            assert!(parse(url, &list).is_ok(), "{url}");
        }
        for url in ["http://127.0.0.2/", "http://x.cad.example.org/", "http://169.254.169.254/"] {
            assert!(parse(url, &list).is_err(), "{url}");
        }
        for host in ["", "https://a.example", "a.example:80", "*", "*.example.org", "a b", "a/b"] {
            assert!(AllowList::parse(&[host.to_owned()]).is_err(), "{host}");
        }
        assert!(AllowList::parse(&vec!["a.example".to_owned(); ALLOWED_MOST + 1]).is_err());
    }
}
