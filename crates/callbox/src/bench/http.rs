//! A small HTTP/1.1 client over one kept-alive connection, so that what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection with a bearer token.
pub struct Client {
    reader: BufReader<TcpStream>,
    address: SocketAddr,
    token: String,
}

/// An answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Client {
    /// Connects.
    pub fn new(address: SocketAddr, token: &str) -> std::io::Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Client { reader: BufReader::new(stream), address, token: token.to_owned() })
    }

    /// Gets.
    pub fn get(&mut self, path: &str) -> std::io::Result<Answer> {
        self.send("GET", path, "")
    }

    /// Posts JSON.
    pub fn post(&mut self, path: &str, body: &serde_json::Value) -> std::io::Result<Answer> {
        self.send("POST", path, &body.to_string())
    }

    /// Posts JSON, and fails unless it is carried out.
    pub fn must_post(
        &mut self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<Answer, Box<dyn std::error::Error>> {
        let answer = self.post(path, body)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        Err(format!("POST {path} was answered {}: {said}", answer.status).into())
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Callbox-Purpose: measuring\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        self.reader.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> std::io::Result<Answer> {
        let broken = || std::io::Error::other("the server's answer is not HTTP");
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
        let (mut length, mut chunked) = (0_usize, false);
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(n) = header.strip_prefix("content-length:") {
                length = n.trim().parse().map_err(|_| broken())?;
            }
            chunked |= header == "transfer-encoding: chunked";
        }
        let mut body = vec![0; length];
        if chunked {
            body = self.chunks()?;
        } else {
            self.reader.read_exact(&mut body)?;
        }
        Ok(Answer { status, body })
    }

    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let n = usize::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
            let mut chunk = vec![0; n + 2];
            self.reader.read_exact(&mut chunk)?;
            if n == 0 {
                return Ok(body);
            }
            chunk.truncate(n);
            body.extend(chunk);
        }
    }
}
