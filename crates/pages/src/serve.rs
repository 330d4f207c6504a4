//! The book, on this machine only.

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};

/// A port on this machine, held until the book is ready.
pub struct Desk {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl Desk {
    /// Takes port `port` of this machine; 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// If the port cannot be had; [`io::ErrorKind::AddrInUse`] if somebody else has it.
    pub fn take(port: u16) -> io::Result<Desk> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Desk { listener, address })
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves the files of `dir` until the process ends.
    ///
    /// # Errors
    ///
    /// If the port fails.
    pub fn serve(self, dir: &Path) -> Result<()> {
        let files =
            ServeDir::new(dir).not_found_service(ServeFile::new(dir.join("404.html")));
        let pages = Router::new()
            .fallback_service(files)
            .layer(axum::middleware::map_response(fresh));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .context("cannot start a server")?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            axum::serve(listener, pages).await?;
            Ok(())
        })
    }
}

/// A book that was built again is shown as it is now.
async fn fresh(mut response: Response) -> Response {
    let value = HeaderValue::from_static("no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
