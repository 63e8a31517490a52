//! Helpers that keep all registers ([`Target::Keeping`](vm_api::engine::backend::Target::Keeping)): they save what the calling convention
//! does not preserve and call the helper. What they save lies in the native stack while the helper runs, where the collector finds
//! and pins what tagged values refer to.

use super::helpers;
use vm_api::engine::Language;
use vm_api::engine::backend::Helper;

/// Are there any on this machine?
pub(in crate::tier) const AVAILABLE: bool = cfg!(all(target_arch = "x86_64", unix));

/// Address of one; `None` where there is none.
pub(super) fn address<L: Language>(helper: Helper) -> Option<u64> {
    #[cfg(all(target_arch = "x86_64", unix))]
    {
        let f = match helper {
            Helper::AllocSlow => x64::alloc::<L> as *const (),
            Helper::BoxWord => x64::box_word::<L> as *const (),
            Helper::BarrierSlow => x64::barrier as *const (),
            Helper::ElementSlow => x64::element as *const (),
            Helper::WeakRead => x64::weak_read as *const (),
            Helper::Poll => x64::poll::<L> as *const (),
            _ => return None,
        };
        Some(f as u64)
    }
    #[cfg(not(all(target_arch = "x86_64", unix)))]
    {
        let _ = (helper, std::marker::PhantomData::<L>);
        None
    }
}

#[cfg(all(target_arch = "x86_64", unix))]
mod x64 {
    use super::helpers::{
        alloc_slow, barrier_slow, box_word as box_word_slow, element_slow, poll_slow, weak_read as weak_read_slow,
    };
    use std::arch::naked_asm;
    use vm_api::engine::Language;

    // SAFETY of the naked functions: what stands below is all that they are. It leaves the stack as it was, the stack is aligned where
    // it calls, and `Target::Keeping` says what callers pass, the address of a result among it.

    /// Saves, calls, stores the result where the lines `$result` say, restores. The nine words and the return address leave the stack
    /// aligned. Saved `rsi`, `rdx` and `rcx` stand at 168, 176 and 184 above the sixteen floats.
    macro_rules! keeping {
        ($f:path, $($result:literal),*) => {
            naked_asm!(
                "push rax", "push rcx", "push rdx", "push rsi", "push rdi", "push r8", "push r9", "push r10", "push r11",
                "sub rsp, 128",
                "movsd [rsp], xmm0", "movsd [rsp + 8], xmm1", "movsd [rsp + 16], xmm2", "movsd [rsp + 24], xmm3",
                "movsd [rsp + 32], xmm4", "movsd [rsp + 40], xmm5", "movsd [rsp + 48], xmm6", "movsd [rsp + 56], xmm7",
                "movsd [rsp + 64], xmm8", "movsd [rsp + 72], xmm9", "movsd [rsp + 80], xmm10", "movsd [rsp + 88], xmm11",
                "movsd [rsp + 96], xmm12", "movsd [rsp + 104], xmm13", "movsd [rsp + 112], xmm14", "movsd [rsp + 120], xmm15",
                "call {f}",
                $($result,)*
                "movsd xmm0, [rsp]", "movsd xmm1, [rsp + 8]", "movsd xmm2, [rsp + 16]", "movsd xmm3, [rsp + 24]",
                "movsd xmm4, [rsp + 32]", "movsd xmm5, [rsp + 40]", "movsd xmm6, [rsp + 48]", "movsd xmm7, [rsp + 56]",
                "movsd xmm8, [rsp + 64]", "movsd xmm9, [rsp + 72]", "movsd xmm10, [rsp + 80]", "movsd xmm11, [rsp + 88]",
                "movsd xmm12, [rsp + 96]", "movsd xmm13, [rsp + 104]", "movsd xmm14, [rsp + 112]", "movsd xmm15, [rsp + 120]",
                "add rsp, 128",
                "pop r11", "pop r10", "pop r9", "pop r8", "pop rdi", "pop rsi", "pop rdx", "pop rcx", "pop rax",
                "ret",
                f = sym $f,
            )
        };
    }

    /// `(thread, shape, words, result)`
    #[unsafe(naked)]
    pub(super) extern "C" fn alloc<L: Language>() {
        keeping!(alloc_slow::<L>, "mov rcx, [rsp + 184]", "mov [rcx], rax")
    }
    /// `(thread, x, result)`
    #[unsafe(naked)]
    pub(super) extern "C" fn box_word<L: Language>() {
        keeping!(box_word_slow::<L>, "mov rdx, [rsp + 176]", "mov [rdx], rax")
    }
    /// `(thread, object)`
    #[unsafe(naked)]
    pub(super) extern "C" fn barrier() {
        keeping!(barrier_slow,)
    }
    /// `(thread, array, slot_address)`
    #[unsafe(naked)]
    pub(super) extern "C" fn element() {
        keeping!(element_slow,)
    }
    /// `(thread, object)`
    #[unsafe(naked)]
    pub(super) extern "C" fn weak_read() {
        keeping!(weak_read_slow,)
    }
    /// `(thread, result)`
    #[unsafe(naked)]
    pub(super) extern "C" fn poll<L: Language>() {
        keeping!(poll_slow::<L>, "mov rsi, [rsp + 168]", "mov [rsi], rax")
    }
}
