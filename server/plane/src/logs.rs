//! The lines that a container writes, as they come.

use std::pin::Pin;

use futures::{AsyncBufRead, AsyncBufReadExt, Stream, StreamExt};
use kube::api::LogParams;
use kube::core::Request;

use crate::error::PlaneError;
use crate::plane::Plane;
use crate::reference::{PodRef, segment};

/// A line longer than this comes in pieces.
const LONGEST: usize = 64 * 1024;

/// Which lines are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogOptions {
    /// The container; needed if the pod has several.
    pub container: Option<String>,
    /// The container's previous life: why it crashed.
    pub previous: bool,
    /// Whether to wait for more lines.
    pub follow: bool,
    /// Only so many of the last lines.
    pub tail: Option<i64>,
    /// Only lines of the last so many seconds.
    pub since_seconds: Option<i64>,
    /// Only lines from this time on; planes know it to the second.
    pub since_time: Option<jiff::Timestamp>,
    /// Whether each line begins with its time.
    pub timestamps: bool,
}

impl Plane {
    /// The lines of a pod's container, without their line ends. Bytes that aren't UTF-8 are
    /// replaced. With `follow` it ends when the container does, or the connection breaks.
    pub async fn logs(
        &self,
        pod: &PodRef,
        options: &LogOptions,
    ) -> Result<impl Stream<Item = Result<String, PlaneError>> + Send + Unpin + use<>, PlaneError>
    {
        let params = LogParams {
            container: options.container.clone(),
            previous: options.previous,
            follow: options.follow,
            tail_lines: options.tail,
            since_seconds: options.since_seconds,
            since_time: options.since_time,
            timestamps: options.timestamps,
            ..LogParams::default()
        };
        segment(&pod.namespace)?;
        segment(&pod.name)?;
        let request = Request::new(format!("/api/v1/namespaces/{}/pods", pod.namespace))
            .logs(&pod.name, &params)
            .map_err(|error| PlaneError::Garbled(error.to_string()))?;
        let client = self.streams();
        let reader = self.guarded(client.request_stream(request)).await?;
        Ok(lines(Box::pin(reader)))
    }
}

type Reader = Pin<Box<dyn AsyncBufRead + Send>>;

/// Splits a byte stream into lines.
fn lines(reader: Reader) -> impl Stream<Item = Result<String, PlaneError>> + Send + Unpin {
    futures::stream::unfold(Some(reader), |reader| async {
        let mut reader = reader?;
        let mut line = Vec::new();
        match read_line(&mut reader, &mut line).await {
            Ok(true) => Some((Ok(to_text(&line)), Some(reader))),
            Ok(false) if line.is_empty() => None,
            Ok(false) => Some((Ok(to_text(&line)), None)),
            Err(error) => {
                let error = format!("the log broke off: {error}");
                Some((Err(PlaneError::Garbled(error)), None))
            }
        }
    })
    .boxed()
}

/// Reads up to a line end or the longest length; false at the end of the stream.
async fn read_line(reader: &mut Reader, line: &mut Vec<u8>) -> std::io::Result<bool> {
    loop {
        let buffer = reader.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let room = LONGEST - line.len();
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (taken, whole) = match end {
            Some(end) if end <= room => (end + 1, true),
            _ => (buffer.len().min(room), buffer.len() >= room),
        };
        line.extend_from_slice(&buffer[..taken]);
        reader.consume_unpin(taken);
        if whole {
            return Ok(true);
        }
    }
}

fn to_text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn split(bytes: &'static [u8]) -> Vec<String> {
        lines(Box::pin(futures::io::Cursor::new(bytes)))
            .map(|line| line.unwrap())
            .collect()
            .await
    }

    #[tokio::test]
    async fn lines_without_their_ends() {
        assert_eq!(
            split(b"one\r\ntwo\n\nlast").await,
            ["one", "two", "", "last"]
        );
        assert_eq!(split(b"").await, Vec::<String>::new());
        assert_eq!(split(b"caf\xe9\n").await, ["caf\u{fffd}"]);
    }

    #[tokio::test]
    async fn an_endless_line_comes_in_pieces() {
        static LONG: [u8; LONGEST * 2 + 5] = [b'x'; LONGEST * 2 + 5];
        let lengths: Vec<usize> = split(&LONG).await.iter().map(String::len).collect();
        assert_eq!(lengths, [LONGEST, LONGEST, 5]);
    }
}
