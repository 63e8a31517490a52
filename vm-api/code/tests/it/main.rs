//! Round trips, the verifier against damaged codes, and the loader against arbitrary bytes.

mod generated;
