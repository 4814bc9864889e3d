//! The memory of this process, as Linux counts it (proc(5), `/proc/self/status`).

use std::fs;

/// The peak resident memory so far, in MiB.
pub fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes / 1024.0
}
