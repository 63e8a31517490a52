//! Settings for the machine that this runs on.

use cranelift_codegen::isa::{self, OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use target_lexicon::Triple;

/// The machine, with what its processor can do.
pub(crate) fn isa(optimize: bool) -> Result<OwnedTargetIsa, String> {
    if cfg!(windows) {
        return Err("native code returns two words in registers, which functions do not do there".into());
    }
    let mut flags = settings::builder();
    let settings = [
        ("opt_level", if optimize { "speed" } else { "none" }),
        // The VM's relocations are absolute.
        ("is_pic", "false"),
        // Nothing unwinds through compiled code.
        ("unwind_info", "false"),
        // Profilers find their way by it.
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ];
    for (name, value) in settings {
        flags.set(name, value).map_err(|e| format!("{name}: {e}"))?;
    }
    let mut builder = isa::lookup(Triple::host()).map_err(|e| e.to_string())?;
    for (name, present) in features() {
        if present {
            builder.enable(name).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    builder.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())
}

/// Is there an instruction that rounds down?
pub(crate) fn has_floor(isa: &dyn TargetIsa) -> bool {
    let sse41 = isa.isa_flags().iter().any(|f| f.name == "has_sse41" && f.as_bool() == Some(true));
    cfg!(not(target_arch = "x86_64")) || sse41
}

/// Cranelift's names for what this processor can do beyond what all of its kind can.
fn features() -> Vec<(&'static str, bool)> {
    #[cfg(target_arch = "x86_64")]
    return vec![
        ("has_cmpxchg16b", is_x86_feature_detected!("cmpxchg16b")),
        ("has_sse3", is_x86_feature_detected!("sse3")),
        ("has_ssse3", is_x86_feature_detected!("ssse3")),
        ("has_sse41", is_x86_feature_detected!("sse4.1")),
        ("has_sse42", is_x86_feature_detected!("sse4.2")),
        ("has_popcnt", is_x86_feature_detected!("popcnt")),
        ("has_avx", is_x86_feature_detected!("avx")),
        ("has_avx2", is_x86_feature_detected!("avx2")),
        ("has_fma", is_x86_feature_detected!("fma")),
        ("has_bmi1", is_x86_feature_detected!("bmi1")),
        ("has_bmi2", is_x86_feature_detected!("bmi2")),
        ("has_lzcnt", is_x86_feature_detected!("lzcnt")),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    Vec::new()
}
