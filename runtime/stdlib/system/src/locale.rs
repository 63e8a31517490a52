//! The process's locale, as the C library keeps it: categories, conventions, collation, catalogs of messages.
//!
//! It is one for the whole process, and calls of the library that change it are not safe beside calls that read it: a lock
//! keeps those of this module apart. Nothing else here asks for anything that the locale decides.

use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::{Mutex, MutexGuard, PoisonError};

// What the declarations of the `libc` crate lack.
unsafe extern "C" {
    fn wcscoll(a: *const libc::wchar_t, b: *const libc::wchar_t) -> c_int;
    fn wcsxfrm(to: *mut libc::wchar_t, from: *const libc::wchar_t, room: usize) -> usize;
    fn mbstowcs(to: *mut libc::wchar_t, from: *const c_char, room: usize) -> usize;
    fn dcgettext(domain: *const c_char, message: *const c_char, category: c_int) -> *mut c_char;
    fn textdomain(domain: *const c_char) -> *mut c_char;
    fn bindtextdomain(domain: *const c_char, folder: *const c_char) -> *mut c_char;
    fn bind_textdomain_codeset(domain: *const c_char, codeset: *const c_char) -> *mut c_char;
}

static LOCALE: Mutex<()> = Mutex::new(());

fn lock() -> MutexGuard<'static, ()> {
    LOCALE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A copy of a text that the library owns.
fn copied(text: *const c_char) -> Option<CString> {
    // SAFETY: null, or a text of the library's that ends with NUL; the lock keeps it as it is.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned())
}
fn pointer(text: Option<&CStr>) -> *const c_char {
    text.map_or(std::ptr::null(), CStr::as_ptr)
}
fn set_unlocked(category: c_int, name: Option<&CStr>) -> Option<CString> {
    // SAFETY: the name ends with NUL, or is null, which only asks.
    copied(unsafe { libc::setlocale(category, pointer(name)) })
}

/// `setlocale(3)`; without a name it only tells. `None`: there is no such locale or category.
pub fn set(category: i32, name: Option<&CStr>) -> Option<CString> {
    let _lock = lock();
    set_unlocked(category, name)
}

/// A text in the encoding of the locale's characters, as code points; `None` if it is not in that encoding.
pub fn decode(text: &CStr) -> Option<Vec<u32>> {
    let _lock = lock();
    decode_unlocked(text)
}
fn decode_unlocked(text: &CStr) -> Option<Vec<u32>> {
    let mut wide = vec![0; text.count_bytes() + 1];
    // SAFETY: the text ends with NUL; no encoding has more characters than bytes.
    let count = unsafe { mbstowcs(wide.as_mut_ptr(), text.as_ptr(), wide.len()) };
    let wide = wide.get(..count)?;
    Some(wide.iter().map(|c| *c as u32).collect())
}

/// What a field of the conventions says.
pub enum Convention {
    /// A text; `None`: it is not in the encoding of its category.
    Text(Option<Vec<u32>>),
    /// Sizes of groups of digits, up to the end that C marks.
    Grouping(Vec<u8>),
    /// A number; 127: not available.
    Number(u8),
}

/// Reads something in the encoding of the category's own locale, which may be another than that of `LC_CTYPE`.
fn in_encoding_of<T>(category: c_int, read: impl FnOnce() -> T) -> T {
    let (own, characters) = (set_unlocked(category, None), set_unlocked(libc::LC_CTYPE, None));
    let changed = own.is_some() && own != characters && set_unlocked(libc::LC_CTYPE, own.as_deref()).is_some();
    let done = read();
    if changed {
        set_unlocked(libc::LC_CTYPE, characters.as_deref());
    }
    done
}

/// `localeconv(3)`, by names of fields.
pub fn conventions() -> Vec<(&'static str, Convention)> {
    let _lock = lock();
    let conventions = || {
        // SAFETY: it returns a structure of the library's, which only calls that the lock keeps apart change.
        unsafe { &*libc::localeconv() }
    };
    let text = |text: *const c_char| Convention::Text(copied(text).and_then(|text| decode_unlocked(&text)));
    let grouping = |text: *const c_char| Convention::Grouping(copied(text).map_or_else(Vec::new, CString::into_bytes));
    let number = |n: c_char| Convention::Number(n as u8);
    let mut found = Vec::new();
    in_encoding_of(libc::LC_MONETARY, || {
        let c = conventions();
        found.extend([
            ("int_curr_symbol", text(c.int_curr_symbol)),
            ("currency_symbol", text(c.currency_symbol)),
            ("mon_decimal_point", text(c.mon_decimal_point)),
            ("mon_thousands_sep", text(c.mon_thousands_sep)),
            ("mon_grouping", grouping(c.mon_grouping)),
            ("positive_sign", text(c.positive_sign)),
            ("negative_sign", text(c.negative_sign)),
            ("int_frac_digits", number(c.int_frac_digits)),
            ("frac_digits", number(c.frac_digits)),
            ("p_cs_precedes", number(c.p_cs_precedes)),
            ("p_sep_by_space", number(c.p_sep_by_space)),
            ("n_cs_precedes", number(c.n_cs_precedes)),
            ("n_sep_by_space", number(c.n_sep_by_space)),
            ("p_sign_posn", number(c.p_sign_posn)),
            ("n_sign_posn", number(c.n_sign_posn)),
        ]);
    });
    in_encoding_of(libc::LC_NUMERIC, || {
        let c = conventions();
        found.extend([
            ("decimal_point", text(c.decimal_point)),
            ("thousands_sep", text(c.thousands_sep)),
            ("grouping", grouping(c.grouping)),
        ]);
    });
    found
}

/// `nl_langinfo(3)`
pub fn information(item: i32) -> CString {
    let _lock = lock();
    // SAFETY: it takes any number.
    copied(unsafe { libc::nl_langinfo(item) }).unwrap_or_default()
}

/// A text of code points as the library's functions on wide characters take it. `None`: there is a NUL in it.
pub struct Wide(Vec<libc::wchar_t>);

impl Wide {
    /// From code points.
    pub fn new(points: impl Iterator<Item = u32>) -> Option<Wide> {
        let mut text: Vec<libc::wchar_t> = points.map(|c| c as libc::wchar_t).collect();
        if text.contains(&0) {
            return None;
        }
        text.push(0);
        Some(Wide(text))
    }
}

/// `wcscoll(3)`: a number below, at or above 0.
pub fn collate(a: &Wide, b: &Wide) -> i32 {
    let _lock = lock();
    // SAFETY: both end with NUL.
    unsafe { wcscoll(a.0.as_ptr(), b.0.as_ptr()) }
}
/// `wcsxfrm(3)`: what sorts by code point as the text does by the locale. `None`: there is no room for it.
pub fn sort_key(text: &Wide) -> Option<Vec<u32>> {
    let _lock = lock();
    // SAFETY: the text ends with NUL; without room nothing is written.
    let length = unsafe { wcsxfrm(std::ptr::null_mut(), text.0.as_ptr(), 0) };
    let mut key: Vec<libc::wchar_t> = Vec::new();
    key.try_reserve_exact(length.checked_add(1)?).ok()?;
    key.resize(length + 1, 0);
    // SAFETY: as above, with the room that was asked for.
    let length = unsafe { wcsxfrm(key.as_mut_ptr(), text.0.as_ptr(), key.len()) };
    Some(key.get(..length)?.iter().map(|c| *c as u32).collect())
}

/// `dcgettext(3)`; without a domain the current one's.
pub fn translated(domain: Option<&CStr>, message: &CStr, category: i32) -> CString {
    let _lock = lock();
    // SAFETY: the texts end with NUL; the result is the message or the library's own.
    copied(unsafe { dcgettext(pointer(domain), message.as_ptr(), category) }).unwrap_or_else(|| message.to_owned())
}
/// `textdomain(3)`
pub fn text_domain(domain: Option<&CStr>) -> Option<CString> {
    let _lock = lock();
    // SAFETY: the text ends with NUL.
    copied(unsafe { textdomain(pointer(domain)) })
}
/// `bindtextdomain(3)`
pub fn bind_text_domain(domain: &CStr, folder: Option<&CStr>) -> Option<CString> {
    let _lock = lock();
    // SAFETY: the texts end with NUL.
    copied(unsafe { bindtextdomain(domain.as_ptr(), pointer(folder)) })
}
/// `bind_textdomain_codeset(3)`
pub fn bind_text_domain_encoding(domain: &CStr, encoding: Option<&CStr>) -> Option<CString> {
    let _lock = lock();
    // SAFETY: the texts end with NUL.
    copied(unsafe { bind_textdomain_codeset(domain.as_ptr(), pointer(encoding)) })
}
