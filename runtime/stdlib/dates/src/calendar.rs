//! The Gregorian calendar, extended to both sides, on plain numbers.

/// The years that there are.
pub(crate) const YEARS: (i32, i32) = (1, 9999);
/// Microseconds.
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// The ordinal of 1970-01-01.
pub(crate) const EPOCH: i64 = 719_163;

/// A day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) day: i32,
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
/// Days in the years before this one, counted from year 1.
fn days_before_year(year: i32) -> i64 {
    let y = i64::from(year) - 1;
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400)
}
fn weekday_of(ordinal: i64) -> i32 {
    (ordinal + 6).rem_euclid(7) as i32
}
/// The ordinal of the Monday with which the first week of a year begins: the one with its first Thursday.
fn first_monday(year: i32) -> i64 {
    let first = days_before_year(year) + 1;
    let weekday = weekday_of(first);
    first - i64::from(weekday) + if weekday > 3 { 7 } else { 0 }
}

/// What is wrong with numbers that make no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WrongDate {
    Year,
    Month,
    Day,
}
/// What is wrong with numbers of ISO's calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WrongWeek {
    Year,
    Week,
    Day,
    /// The day is in a year that there is not.
    Beyond,
}

impl Day {
    pub(crate) const FIRST: Day = Day { year: 1, month: 1, day: 1 };
    pub(crate) const LAST: Day = Day { year: 9999, month: 12, day: 31 };

    pub(crate) fn new(year: i32, month: i32, day: i32) -> Result<Day, WrongDate> {
        if !(YEARS.0..=YEARS.1).contains(&year) {
            return Err(WrongDate::Year);
        }
        if !(1..=12).contains(&month) {
            return Err(WrongDate::Month);
        }
        if !(1..=days_in_month(year, month)).contains(&day) {
            return Err(WrongDate::Day);
        }
        Ok(Day { year, month, day })
    }
    /// The nearest date of numbers that may be wrong; `None` for a wrong month.
    pub(crate) fn nearest(year: i32, month: i32, day: i32) -> Option<Day> {
        let year = year.clamp(YEARS.0, YEARS.1);
        (1..=12).contains(&month).then(|| Day { year, month, day: day.clamp(1, days_in_month(year, month)) })
    }
    /// Its number; that of 0001-01-01 is 1.
    pub(crate) fn ordinal(self) -> i64 {
        days_before_year(self.year) + i64::from(self.day_of_year())
    }
    /// The day of this number, if it is in the years that there are.
    pub(crate) fn from_ordinal(ordinal: i64) -> Option<Day> {
        if !(1..=Day::LAST.ordinal()).contains(&ordinal) {
            return None;
        }
        // Years that begin in March have their leap day at the end: months are then a linear function of days.
        let days = ordinal + 305;
        let (era, in_era) = (days / 146_097, days % 146_097);
        let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * in_year + 2) / 153;
        let day = in_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Some(Day { year: year as i32, month: month as i32, day: day as i32 })
    }
    /// The year of a day that may be beyond those that there are.
    pub(crate) fn year_of(ordinal: i64) -> i64 {
        const DAYS_OF_400_YEARS: i64 = 146_097;
        let (eras, rest) = ((ordinal - 1).div_euclid(DAYS_OF_400_YEARS), (ordinal - 1).rem_euclid(DAYS_OF_400_YEARS));
        Day::from_ordinal(rest + 1).map_or(0, |day| i64::from(day.year)) + eras * 400
    }
    /// From 1 on.
    pub(crate) fn day_of_year(self) -> i32 {
        (1..self.month).map(|month| days_in_month(self.year, month)).sum::<i32>() + self.day
    }
    /// 0: Monday.
    pub(crate) fn weekday(self) -> i32 {
        weekday_of(self.ordinal())
    }
    /// Year, week and day of the week (1: Monday) of ISO 8601.
    pub(crate) fn iso(self) -> (i32, i32, i32) {
        let (ordinal, mut year) = (self.ordinal(), self.year);
        if ordinal < first_monday(year) {
            year -= 1;
        } else if ordinal >= first_monday(year + 1) {
            year += 1;
        }
        (year, ((ordinal - first_monday(year)) / 7) as i32 + 1, weekday_of(ordinal) + 1)
    }
    pub(crate) fn from_iso(year: i32, week: i32, day: i32) -> Result<Day, WrongWeek> {
        if !(YEARS.0..=YEARS.1).contains(&year) {
            return Err(WrongWeek::Year);
        }
        let weeks = ((first_monday(year + 1) - first_monday(year)) / 7) as i32;
        if !(1..=weeks).contains(&week) {
            return Err(WrongWeek::Week);
        }
        if !(1..=7).contains(&day) {
            return Err(WrongWeek::Day);
        }
        let ordinal = first_monday(year) + i64::from((week - 1) * 7 + day - 1);
        Day::from_ordinal(ordinal).ok_or(WrongWeek::Beyond)
    }
    /// As one number, in the order of days.
    pub(crate) fn packed(self) -> i64 {
        i64::from(self.year << 9 | self.month << 5 | self.day)
    }
    pub(crate) fn unpacked(packed: i64) -> Day {
        let n = packed as i32;
        Day { year: n >> 9, month: n >> 5 & 15, day: n & 31 }
    }
    /// Seconds from 1970 to the day's beginning.
    pub(crate) fn seconds(self) -> i64 {
        (self.ordinal() - EPOCH) * 86_400
    }
}

/// Hour, minute, second and microsecond of a time of day.
pub(crate) fn clock_fields(time: i64) -> [i32; 4] {
    let seconds = time / SECOND;
    [seconds / 3600, seconds / 60 % 60, seconds % 60, time % SECOND].map(|n| n as i32)
}
/// The time of day of such fields.
pub(crate) fn time_of(fields: [i32; 4]) -> i64 {
    let [hour, minute, second, microsecond] = fields.map(i64::from);
    ((hour * 60 + minute) * 60 + second) * SECOND + microsecond
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn ordinals_and_days_are_one_to_one() {
        let mut before = Day { year: 0, month: 12, day: 31 };
        for ordinal in 1..=Day::LAST.ordinal() {
            let day = Day::from_ordinal(ordinal).expect("a day of the calendar");
            assert!(day > before, "{day:?}");
            assert_eq!(day.ordinal(), ordinal);
            assert_eq!(Day::unpacked(day.packed()), day);
            before = day;
        }
        assert_eq!(before, Day::LAST);
        assert_eq!((Day::from_ordinal(0), Day::from_ordinal(Day::LAST.ordinal() + 1)), (None, None));
    }
    #[test]
    fn weeks_lead_back_to_their_days() {
        for ordinal in (4..Day::LAST.ordinal() - 4).step_by(5) {
            let day = Day::from_ordinal(ordinal).expect("a day of the calendar");
            let (year, week, weekday) = day.iso();
            assert_eq!(Day::from_iso(year, week, weekday), Ok(day));
        }
        assert_eq!(Day { year: 2004, month: 1, day: 1 }.iso(), (2004, 1, 4));
        assert_eq!(Day { year: 2005, month: 1, day: 2 }.iso(), (2004, 53, 7));
    }
}
