//! Which group of a school a row means: a name can be used again in another year.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::name::GroupName;
use crate::ids::{AcademicYearId, GroupId};

/// A year of the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownYear {
    /// Its id.
    pub id: AcademicYearId,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
}

/// The open groups and the years of a school.
#[derive(Debug, Clone, Default)]
pub struct GroupIndex {
    groups: HashMap<String, Vec<(GroupId, Option<AcademicYearId>)>>,
    years: Vec<KnownYear>,
}

impl GroupIndex {
    /// The groups by name, those of one name in the order in which they count.
    pub fn of(
        groups: impl IntoIterator<Item = (String, GroupId, Option<AcademicYearId>)>,
        years: Vec<KnownYear>,
    ) -> Self {
        let mut index = Self { groups: HashMap::new(), years };
        for (name, group, year) in groups {
            index.groups.entry(name.to_lowercase()).or_default().push((group, year));
        }
        index
    }

    /// Every group.
    pub fn ids(&self) -> impl Iterator<Item = GroupId> {
        self.groups.values().flatten().map(|(group, _)| *group)
    }

    /// The group that a row with these days means on the day of its file, and the year that it would have if it were new. Days
    /// of another year than that of the file never mean a group of the file's year: next year's timetable must not mix with
    /// this year's.
    pub fn find(
        &self,
        name: &GroupName,
        (starts_on, ends_on): (Option<NaiveDate>, Option<NaiveDate>),
        day: NaiveDate,
    ) -> (Option<GroupId>, Option<AcademicYearId>) {
        let today = self.containing(day);
        let said = match (starts_on, ends_on) {
            (Some(first), Some(last)) => self.longest_with(first, last),
            (Some(first), None) if first > day => self.containing(first),
            _ => None,
        };
        let wanted = said.or(today);
        let listed = self.groups.get(&name.as_str().to_lowercase()).map(Vec::as_slice).unwrap_or_default();
        let of =
            |year: Option<AcademicYearId>| listed.iter().find(|(_, of)| *of == year).map(|(group, _)| *group);
        let exact = wanted.and_then(|year| of(Some(year)));
        let other =
            if said.is_some() && said != today { of(None) } else { listed.first().map(|(group, _)| *group) };
        (exact.or(other), wanted)
    }

    fn containing(&self, day: NaiveDate) -> Option<AcademicYearId> {
        self.years.iter().find(|year| (year.starts_on..=year.ends_on).contains(&day)).map(|year| year.id)
    }

    /// The year that has most of these days.
    fn longest_with(&self, first: NaiveDate, last: NaiveDate) -> Option<AcademicYearId> {
        let shared = |year: &KnownYear| (year.ends_on.min(last) - year.starts_on.max(first)).num_days();
        let longest = self.years.iter().max_by_key(|year| shared(year));
        longest.filter(|year| shared(year) >= 0).map(|year| year.id)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn next_years_timetable_is_not_mixed_with_this_years() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let year = |id, first| KnownYear {
            id: AcademicYearId(Uuid::from_u128(id)),
            starts_on: day(first, 9, 1),
            ends_on: day(first + 1, 8, 31),
        };
        let (this, next) = (year(1, 2026), year(2, 2027));
        let (now, none) = (GroupId(Uuid::from_u128(11)), GroupId(Uuid::from_u128(12)));
        let groups = [("12A".to_owned(), now, Some(this.id)), ("Choir".to_owned(), none, None)];
        let index = GroupIndex::of(groups, vec![this, next]);
        let today = day(2027, 6, 20);
        let find = |name: &str, days| index.find(&name.parse().unwrap(), days, today);
        assert_eq!(find("12a", (None, None)), (Some(now), Some(this.id)));
        let coming = (Some(day(2027, 9, 1)), None);
        assert_eq!(find("12A", coming), (None, Some(next.id)));
        // A first day in the holidays, but nearly all of it in the next year.
        let from_august = (Some(day(2027, 8, 25)), Some(day(2028, 7, 20)));
        assert_eq!(find("12A", from_august), (None, Some(next.id)));
        assert_eq!(find("Choir", coming), (Some(none), Some(next.id)));
        // What began in the past stands in the group of today.
        assert_eq!(find("12A", (Some(day(2025, 9, 1)), None)), (Some(now), Some(this.id)));
    }
}
