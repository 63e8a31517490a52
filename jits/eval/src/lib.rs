//! The reference evaluator of VIR as a backend: slow, always right
