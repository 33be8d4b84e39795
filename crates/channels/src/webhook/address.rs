//! Which network addresses a webhook may reach. Whoever may register a URL must not thereby reach
//! what only this computer or its network can (server-side request forgery).
//!
//! Sources: the IANA special-purpose address registries (RFC 6890 and its successors) and the
//! addresses where clouds publish the credentials of a machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far away an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the public internet.
    Public,
    /// This computer, its network, or a range set aside: only for a host on the allow-list.
    Private,
    /// Link-local, metadata, multicast or no host at all: never, on the allow-list or not.
    Never,
}

use Reach::{Never, Private};

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

/// Ranges that are not public; the first that holds an address counts.
const RANGES_4: &[(Ipv4Addr, u32, Reach)] = &[
    (v4(0, 0, 0, 0), 8, Never),          // unspecified, "this network"
    (v4(100, 100, 100, 200), 32, Never), // metadata
    (v4(168, 63, 129, 16), 32, Never),   // metadata
    (v4(192, 0, 0, 192), 32, Never),     // metadata
    (v4(169, 254, 0, 0), 16, Never),     // link-local; 169.254.169.254 is metadata
    (v4(224, 0, 0, 0), 4, Never),        // multicast
    (v4(240, 0, 0, 0), 4, Never),        // reserved, broadcast
    (v4(10, 0, 0, 0), 8, Private),       // private
    (v4(100, 64, 0, 0), 10, Private),    // shared by carriers (CGNAT)
    (v4(127, 0, 0, 0), 8, Private),      // loopback
    (v4(172, 16, 0, 0), 12, Private),    // private
    (v4(192, 0, 0, 0), 24, Private),     // protocol assignments
    (v4(192, 0, 2, 0), 24, Private),     // documentation
    (v4(192, 88, 99, 0), 24, Private),   // 6to4 relays, withdrawn
    (v4(192, 168, 0, 0), 16, Private),   // private
    (v4(198, 18, 0, 0), 15, Private),    // measurement
    (v4(198, 51, 100, 0), 24, Private),  // documentation
    (v4(203, 0, 113, 0), 24, Private),   // documentation
];

const fn v6(a: u16, b: u16, c: u16, h: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, 0, 0, 0, 0, h)
}

/// Ranges within or beside `2000::/3`; all else outside it is not public either.
const RANGES_6: &[(Ipv6Addr, u32, Reach)] = &[
    (v6(0, 0, 0, 0), 128, Never),              // unspecified
    (v6(0, 0, 0, 1), 128, Private),            // loopback
    (v6(0xfe80, 0, 0, 0), 10, Never),          // link-local
    (v6(0xff00, 0, 0, 0), 8, Never),           // multicast
    (v6(0xfd00, 0xec2, 0, 0x254), 128, Never), // metadata
    (v6(0x2001, 0, 0, 0), 23, Private),        // protocol assignments, Teredo
    (v6(0x2001, 0xdb8, 0, 0), 32, Private),    // documentation
    (v6(0x2002, 0, 0, 0), 16, Private),        // 6to4: carries an IPv4 address
    (v6(0x3fff, 0, 0, 0), 20, Private),        // documentation
];

/// How far away an address is. An IPv4 address inside an IPv6 one is judged as what it is, and as
/// IPv4-mapped never counts as public.
pub fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_4(ip),
        IpAddr::V6(ip) => reach_6(ip),
    }
}

/// Whether an address is on the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    reach(ip) == Reach::Public
}

fn reach_4(ip: Ipv4Addr) -> Reach {
    let within = |net: Ipv4Addr, bits: u32| (ip.to_bits() ^ net.to_bits()) >> (32 - bits) == 0;
    let found = RANGES_4.iter().find(|(net, bits, _)| within(*net, *bits));
    found.map_or(Reach::Public, |(_, _, reach)| *reach)
}

fn reach_6(ip: Ipv6Addr) -> Reach {
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return if reach_4(mapped) == Never { Never } else { Private };
    }
    let bits = ip.to_bits();
    let [a, b, ..] = ip.segments();
    if (a, b) == (0x64, 0xff9b) && (bits >> 32) as u64 == 0 {
        // RFC 6052: a translator goes to the IPv4 address in the last four octets.
        return reach_4(Ipv4Addr::from_bits((bits & 0xffff_ffff) as u32));
    }
    let within = |net: Ipv6Addr, n: u32| (bits ^ net.to_bits()) >> (128 - n) == 0;
    match RANGES_6.iter().find(|(net, n, _)| within(*net, *n)) {
        Some((_, _, reach)) => *reach,
        None if a & 0xe000 == 0x2000 => Reach::Public,
        None => Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_that_is_not_public_is_known_at_both_its_ends() {
        let table: &[(&str, Reach)] = &[
            ("0.0.0.0", Never),
            ("0.255.255.255", Never),
            ("1.0.0.0", Reach::Public),
            ("9.255.255.255", Reach::Public),
            ("10.0.0.0", Private),
            ("10.255.255.255", Private),
            ("11.0.0.0", Reach::Public),
            ("100.63.255.255", Reach::Public),
            ("100.64.0.0", Private),
            ("100.100.100.200", Never),
            ("100.127.255.255", Private),
            ("100.128.0.0", Reach::Public),
            ("127.0.0.1", Private),
            ("127.255.255.255", Private),
            ("128.0.0.0", Reach::Public),
            ("168.63.129.16", Never),
            ("169.253.255.255", Reach::Public),
            ("169.254.0.0", Never),
            ("169.254.169.254", Never),
            ("169.255.0.0", Reach::Public),
            ("172.15.255.255", Reach::Public),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("172.32.0.0", Reach::Public),
            ("192.0.0.8", Private),
            ("192.0.0.192", Never),
            ("192.0.1.0", Reach::Public),
            ("192.0.2.1", Private),
            ("192.88.99.1", Private),
            ("192.167.255.255", Reach::Public),
            ("192.168.0.0", Private),
            ("192.168.255.255", Private),
            ("192.169.0.0", Reach::Public),
            ("198.17.255.255", Reach::Public),
            ("198.18.0.0", Private),
            ("198.19.255.255", Private),
            ("198.20.0.0", Reach::Public),
            ("198.51.100.7", Private),
            ("203.0.113.7", Private),
            ("223.255.255.255", Reach::Public),
            ("224.0.0.1", Never),
            ("239.255.255.255", Never),
            ("240.0.0.1", Never),
            ("255.255.255.255", Never),
            ("8.8.8.8", Reach::Public),
            ("::", Never),
            ("::1", Private),
            ("::2", Private),
            ("::7f00:1", Private),         // IPv4-compatible 127.0.0.1
            ("::ffff:127.0.0.1", Private), // IPv4-mapped
            ("::ffff:10.0.0.1", Private),
            ("::ffff:8.8.8.8", Private),
            ("::ffff:169.254.169.254", Never),
            ("::ffff:0:127.0.0.1", Private), // IPv4-translated
            ("64:ff9b::8.8.8.8", Reach::Public),
            ("64:ff9b::10.0.0.1", Private),
            ("64:ff9b::169.254.169.254", Never),
            ("64:ff9b:1::8.8.8.8", Private),
            ("100::1", Private),
            ("2001::1", Private),
            ("2001:1ff:ffff::1", Private),
            ("2001:200::1", Reach::Public),
            ("2001:db8::1", Private),
            ("2002:7f00:1::", Private),
            ("2606:4700::1111", Reach::Public),
            ("3fff:fff::1", Private),
            ("3fff:1000::1", Reach::Public),
            ("4000::1", Private),
            ("fc00::1", Private),
            ("fd00:ec2::254", Never),
            ("fd12:3456::1", Private),
            ("fe7f::1", Private),
            ("fe80::1", Never),
            ("febf::1", Never),
            ("fec0::1", Private),
            ("ff02::1", Never),
        ];
        for (text, expected) in table {
            let ip: IpAddr = text.parse().unwrap();
            assert_eq!(reach(ip), *expected, "{text}");
            assert_eq!(is_public(ip), *expected == Reach::Public, "{text}");
        }
    }
}
