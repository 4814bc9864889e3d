//! Importing who tutors which teaching group: a list of staff codes and groups, or the teachers of a OneRoster export. Each row
//! says in the simulation who becomes the tutor of which group; nobody becomes one without it. Staff and groups must exist.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::words::group_words;
use super::{FIRST_DAY, GROUP, GROUP_MISSING, GroupIndex, LAST_DAY};
use crate::authorization::policy::Permission;
use crate::groups::name::GroupName;
use crate::ids::{GroupId, PersonId};
use crate::imports::cells::{CellValue, Cells};
use crate::imports::groups::ColumnGroups;
use crate::imports::kind::{
    FieldRequirement, HereToo, ImportDeclaration, NextStep, OneRoster, OneRosterColumn,
};
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::imports::words::quote;
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::staff::code::StaffCode;
use crate::staff::import::STAFF_CODE;

/// Who tutors which teaching group.
pub static TUTORS: ImportDeclaration = ImportDeclaration {
    slug: "tutors",
    name: "Tutors",
    title: "Import tutors",
    lead: "Import who tutors which teaching group, from a spreadsheet or from the teachers of a OneRoster export. A tutor sees the group and manages the accounts of its members. Check the simulation: it names everyone who gets this role.",
    one: "tutor",
    many: "tutors",
    permission: Permission::ManageGroups,
    fields: &[STAFF_CODE, GROUP, FIRST_DAY, LAST_DAY],
    key: STAFF_CODE.slug,
    ends: LAST_DAY.slug,
    needs: &[
        FieldRequirement {
            any_of: &[STAFF_CODE.slug],
            message: "Choose the column with the staff code. It identifies each tutor.",
        },
        FieldRequirement { any_of: &[GROUP.slug], message: "Choose the column with the teaching group." },
    ],
    expects: &[],
    naming: &[&[STAFF_CODE.slug, GROUP.slug]],
    subjects: &["tutor", "teacher", "staff"],
    pairs: &[],
    hints: &[],
    not_about: &[&["student", "pupil"]],
    oneroster: OneRoster {
        roles: &["teacher"],
        columns: &[
            (STAFF_CODE.slug, OneRosterColumn::Identifier),
            (GROUP.slug, OneRosterColumn::Class),
            (FIRST_DAY.slug, OneRosterColumn::Starts),
            (LAST_DAY.slug, OneRosterColumn::Ends),
        ],
    },
    groups: ColumnGroups::NONE,
    here_too: HereToo { button: "make tutor here", sentence: "they are a tutor here too" },
    next: NextStep {
        permission: Permission::ManageGroups,
        href: "/groups",
        label: "See teaching groups",
        icon: "users",
        for_one: "Tutors who cannot sign in yet need an account.",
        for_many: "Tutors who cannot sign in yet need an account.",
    },
    words,
};

/// The code for somebody who is not on the staff of the school.
pub const STAFF_UNKNOWN: &str = "staff_unknown";
/// The code for a group that the school does not have.
pub const GROUP_UNKNOWN: &str = "group_unknown";
/// The code for a row that says what another said.
pub const TUTOR_TWICE: &str = "tutor_twice";
/// The code for somebody whose time with the group is over.
pub const TUTOR_ENDED: &str = "tutor_ended";
/// The code for a role that the reader of the file may not give.
pub const MAY_NOT: &str = "may_not_appoint";
/// The code for a role that somebody would give themselves.
pub const OWN_ROLE: &str = "own_role";
/// The code for who becomes the tutor of what.
pub const BECOMES: &str = "becomes_tutor";

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TutorRow {
    /// Who.
    pub code: StaffCode,
    /// The group.
    pub group: GroupName,
    /// The first day.
    pub starts_on: CellValue<NaiveDate>,
    /// The last day.
    pub ends_on: CellValue<NaiveDate>,
}

/// Reads a row.
pub fn read(cells: &mut Cells<'_>) -> Option<TutorRow> {
    let code = cells.key::<StaffCode>(&STAFF_CODE);
    let group = cells.parsed::<GroupName>(&GROUP).value().cloned();
    if group.is_none() {
        cells.problem(Note::new(GROUP_MISSING));
    }
    let (starts_on, ends_on) = cells.period(&FIRST_DAY, &LAST_DAY);
    Some(TutorRow { code: code?, group: group?, starts_on, ends_on })
}

/// What the school has, and who reads the file.
#[derive(Debug, Clone, Default)]
pub struct KnownTutors {
    /// The open groups, and the years.
    pub groups: GroupIndex,
    /// The staff, by staff code, with their names.
    pub staff: HashMap<String, (PersonId, String)>,
    /// Who tutors which group already.
    pub tutors: HashSet<(GroupId, PersonId)>,
    /// The groups for which the reader may not give the role.
    pub refused: HashSet<GroupId>,
    /// The reader, if they are a person.
    pub reader: Option<PersonId>,
}

/// A role that is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TutorWrite {
    /// The group.
    pub group: GroupId,
    /// Who.
    pub person: PersonId,
    /// The first day, if it is to come.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

const GROUP_TAG: Tag = Tag::new(1);
const PERSON: Tag = Tag::new(2);
const STARTS: Tag = Tag::new(3);
const ENDS: Tag = Tag::new(4);

impl Facts for TutorWrite {
    const FORM: FactsFormat = FactsFormat { name: "import_tutors", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(GROUP_TAG, self.group.0).id(PERSON, self.person.0);
        for (tag, day) in [(STARTS, self.starts_on), (ENDS, self.ends_on)] {
            if let Some(day) = day {
                fields.day(tag, day);
            }
        }
    }
}

/// The verdict on each row, in their order, on the day of the file.
pub fn plan(rows: &[(u32, &TutorRow)], known: &KnownTutors, day: NaiveDate) -> Vec<Verdict<TutorWrite>> {
    let mut said: HashMap<(GroupId, PersonId), u32> = HashMap::new();
    rows.iter()
        .map(|(number, row)| {
            let Some((person, name)) = known.staff.get(row.code.as_str()) else {
                return Verdict::rejected(Note::new(STAFF_UNKNOWN).quoting(row.code.as_str()));
            };
            let days = (row.starts_on.value().copied(), row.ends_on.value().copied());
            let Some(group) = known.groups.find(&row.group, days, day).0 else {
                return Verdict::rejected(Note::new(GROUP_UNKNOWN).quoting(row.group.as_str()));
            };
            if let Some(first) = said.get(&(group, *person)) {
                return Verdict::told(RowOutcome::Skipped, Note::new(TUTOR_TWICE).with("row", first));
            }
            said.insert((group, *person), *number);
            if known.tutors.contains(&(group, *person)) {
                return Verdict::unchanged(Vec::new(), None);
            }
            let ends_on = row.ends_on.value().copied();
            if ends_on.is_some_and(|last| last < day) {
                return Verdict::told(RowOutcome::Skipped, Note::new(TUTOR_ENDED));
            }
            if known.reader == Some(*person) {
                return Verdict::rejected(Note::new(OWN_ROLE));
            }
            if known.refused.contains(&group) {
                return Verdict::rejected(Note::new(MAY_NOT));
            }
            let starts_on = row.starts_on.value().copied().filter(|first| *first > day);
            let becomes = Note::new(BECOMES).with("who", name).quoting(row.group.as_str());
            let write = TutorWrite { group, person: *person, starts_on, ends_on };
            Verdict {
                outcome: RowOutcome::Added,
                code: "new".into(),
                notes: vec![becomes],
                write: Some(write),
                held: None,
            }
        })
        .collect()
}

fn words(note: &Note) -> Option<String> {
    let value = || quote(note.get("value"));
    Some(match note.code.as_ref() {
        STAFF_UNKNOWN => format!(
            "No member of this school\u{2019}s staff has the staff code {}. Import staff first, or correct the code.",
            value()
        ),
        GROUP_UNKNOWN => format!(
            "There is no open teaching group called {}. Import teaching groups first, or correct the name.",
            value()
        ),
        TUTOR_TWICE => format!("The same tutor and group as in row {}.", note.get("row")),
        TUTOR_ENDED => "Their time with the group is over, so there is no role to give.".to_owned(),
        MAY_NOT => "A tutor would get permissions that you don\u{2019}t have. Ask someone with more permissions to import this row.".to_owned(),
        OWN_ROLE => "You can\u{2019}t make yourself a tutor. Ask a colleague who manages groups.".to_owned(),
        BECOMES => format!(
            "{} becomes a tutor of {}, and manages the accounts of its members.",
            note.get("who"),
            value()
        ),
        _ => return group_words(note),
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_row_gives_a_role_or_says_why_not() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let (a, b) = (GroupId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(2)));
        let (mara, own) = (PersonId(Uuid::from_u128(3)), PersonId(Uuid::from_u128(4)));
        let known = KnownTutors {
            groups: GroupIndex::of([("12A".to_owned(), a, None), ("12B".to_owned(), b, None)], Vec::new()),
            staff: [
                ("MLI".to_owned(), (mara, "Mara Lind".to_owned())),
                ("ME".to_owned(), (own, "Me".to_owned())),
            ]
            .into(),
            tutors: HashSet::new(),
            refused: [b].into(),
            reader: Some(own),
        };
        let row = |code: &str, group: &str, ends_on| TutorRow {
            code: code.parse().unwrap(),
            group: group.parse().unwrap(),
            starts_on: CellValue::Nothing,
            ends_on,
        };
        let nothing = CellValue::Nothing;
        let rows = [
            row("MLI", "12A", nothing.clone()),
            row("MLI", "12a", nothing.clone()),
            row("XYZ", "12A", nothing.clone()),
            row("MLI", "13A", nothing.clone()),
            row("MLI", "12B", nothing.clone()),
            row("ME", "12A", nothing.clone()),
            row("ME", "12B", CellValue::Value(day(7, 1))),
        ];
        let numbered: Vec<(u32, &TutorRow)> = (2..).zip(&rows).collect();
        let verdicts = plan(&numbered, &known, day(11, 21));
        let told: Vec<String> = verdicts.iter().map(|verdict| verdict.notes[0].code.to_string()).collect();
        assert_eq!(
            told,
            [BECOMES, TUTOR_TWICE, STAFF_UNKNOWN, GROUP_UNKNOWN, MAY_NOT, OWN_ROLE, TUTOR_ENDED]
        );
        assert!(verdicts.iter().filter_map(|verdict| words(&verdict.notes[0])).count() == 7);
        assert_eq!(verdicts.iter().filter(|verdict| verdict.write.is_some()).count(), 1);
    }
}
