//! Machine integers in decimal digits, without an allocation.

/// Room for any of them.
pub type Room = [u8; 20];

/// The decimal text of an integer, written into the room for it.
#[inline]
pub fn text(value: i64, room: &mut Room) -> &[u8] {
    let (mut at, mut rest) = (room.len(), value.unsigned_abs());
    loop {
        at -= 1;
        room[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        room[at] = b'-';
    }
    &room[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_library_writes_them() {
        for value in [0, 7, -7, 10, 1_234_567_890, i64::MAX, i64::MIN] {
            assert_eq!(text(value, &mut [0; 20]), value.to_string().as_bytes());
        }
    }
}
