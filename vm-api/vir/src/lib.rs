//! VIR, the intermediate representation between front halves and backends: data, text form, verifier, evaluator
