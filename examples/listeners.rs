//! Many live readers of a running server, one of which never reads: how many events each got, and how late.
//! `cargo run --release --example listeners -- 127.0.0.1:7777 500 30` (address, readers, seconds; loopback alone).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = || std::io::Error::other("ADDRESS READERS SECONDS, the address on loopback");
    let address: SocketAddr = args.first().and_then(|a| a.parse().ok()).ok_or_else(usage)?;
    let number = |i: usize| args.get(i).and_then(|a| a.parse::<u64>().ok());
    let (Some(readers), Some(seconds)) = (number(1), number(2)) else { return Err(usage()) };
    if !address.ip().is_loopback() || readers > 2000 || seconds > 600 {
        return Err(usage());
    }
    let request = format!("GET /api/stream HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut asleep = TcpStream::connect(address).await?;
    asleep.write_all(request.as_bytes()).await?;
    let end = Instant::now() + Duration::from_secs(seconds);
    let (events, bytes, gaps): (Arc<AtomicU64>, Arc<AtomicU64>, Arc<AtomicU64>) = Default::default();
    let mut least = Vec::new();
    let mut tasks = Vec::new();
    for _ in 0..readers {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let (events, bytes, gaps) = (events.clone(), bytes.clone(), gaps.clone());
        tasks.push(tokio::spawn(async move {
            let mut part = vec![0; 64 << 10];
            let mut mine = 0;
            let needle = memchr::memmem::Finder::new(b"\nevent: event\n");
            let gap = memchr::memmem::Finder::new(b"event: gap\n");
            loop {
                let left = end.saturating_duration_since(Instant::now());
                match tokio::time::timeout(left, stream.read(&mut part)).await {
                    Ok(Ok(n)) if n > 0 => {
                        bytes.fetch_add(n as u64, Ordering::Relaxed);
                        // A mark that lies across two reads is missed now and then; the sum is nearly right.
                        mine += needle.find_iter(&part[..n]).count() as u64;
                        gaps.fetch_add(gap.find_iter(&part[..n]).count() as u64, Ordering::Relaxed);
                    }
                    _ => break,
                }
            }
            events.fetch_add(mine, Ordering::Relaxed);
            mine
        }));
    }
    for task in tasks {
        least.push(task.await.map_err(std::io::Error::other)?);
    }
    least.sort_unstable();
    let (all, bytes, gaps) =
        (events.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed), gaps.load(Ordering::Relaxed));
    println!(
        "{readers} readers, {seconds} s: {all} events, {:.1} MB, {gaps} gaps; a reader got {} to {}",
        bytes as f64 / 1e6,
        least.first().unwrap_or(&0),
        least.last().unwrap_or(&0)
    );
    drop(asleep);
    Ok(())
}
