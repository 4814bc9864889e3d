use super::evidence::OrderEvidence;
use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_usual_spellings_of_a_date_are_one_date() {
    for text in [
        "2012-04-03",
        "20120403",
        "2012-04-03T00:00:00Z",
        "2012-04-03 00:00:00",
        "03/04/2012",
        "3.4.12",
        "03-04-2012",
        "3-APR-2012",
        "3 April 2012",
        "03-Apr-12",
        "Apr 3, 2012",
        "03/04/2012 00:00",
        "41002",
        "3rd April 2012",
        "3rd of April, 2012",
        "April 3rd, 2012",
        "the 3rd of April 2012",
        "Tue 3 Apr 2012",
        "Tuesday, 3 April 2012",
        "Tue, 03 Apr 2012 00:00:00 GMT",
        "Tue Apr 03 2012 00:00:00 GMT+0100 (British Summer Time)",
        "Tue Apr  3 00:00:00 BST 2012",
        "3. April 2012",
        "3.Apr.2012",
        "03APR2012",
        "03APR2012:00:00:00",
        "Apr  3 2012 12:00AM",
        "3 Apr '12",
        "2012-04-03Z",
        "2012-04-03+01:00",
        "2012-04-03T00:00:00.000+0100",
        "2012-04-03T23:30:00-05:00",
        "20120403T000000Z",
        "20120403000000",
        "03042012",
        "41002.0",
        "41002.75",
        "2012/4/3",
        "2012.04.03",
        "2012-Apr-03",
        "2012年4月3日",
        "2012년 4월 3일",
        "03/04/2012 12:00:00 AM",
        "03.04.2012 00.00.00",
        "3 avril 2012",
        "mar. 3 avril 2012",
        "3 de abril de 2012",
        "Dienstag, 3. April 2012",
        "3 kwietnia 2012",
        "\u{FF10}\u{FF13}/\u{FF10}\u{FF14}/\u{FF12}\u{FF10}\u{FF11}\u{FF12}",
        "٠٣/٠٤/٢٠١٢",
        "03\u{2013}04\u{2013}2012",
        "03 / 04 / 2012",
        "3 4 2012",
        "03_04_2012",
    ] {
        assert_eq!(parse_date(text, DateOrder::DayFirst), Ok(day("2012-04-03")), "{text}");
    }
    assert_eq!(parse_date("04/03/2012", DateOrder::MonthFirst), Ok(day("2012-04-03")));
    assert_eq!(parse_date("12-04-03", DateOrder::YearFirst), Ok(day("2012-04-03")));
    assert_eq!(parse_date("120403", DateOrder::YearFirst), Ok(day("2012-04-03")));
    for (text, march) in
        [("Mar 3rd, 2012", "2012-03-03"), ("3. März 2012", "2012-03-03"), ("1er août 2012", "2012-08-01")]
    {
        assert_eq!(parse_date(text, DateOrder::DayFirst), Ok(day(march)), "{text}");
    }
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "31/02/2012",
        "soon",
        "12",
        "2012",
        "1/2",
        "99/99/9999",
        "03/04/012",
        "123456789",
        "April 2012",
        "03/04/2012?",
        "03/04/2012 (approx)",
        "about 3 April 2012",
        "3/4/2012 or 4/4/2012",
        "0012-04-03",
        "2012-13-01",
        "14:30",
        "Year 7",
    ] {
        assert_eq!(parse_date(text, DateOrder::DayFirst), Err(DateError), "{text}");
    }
}

#[test]
fn the_dates_with_which_programs_write_no_date_are_none() {
    for text in [
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00/00/0000",
        "0",
        "00.00.00",
        "__/__/____",
        "00/01/1900",
        "1/0/1900",
        "1900-01-00",
        "1899-12-30",
        "30/12/1899 00:00:00",
        "0001-01-01T00:00:00",
        "01/01/0001",
        "9999-12-31",
        "31/12/9999",
    ] {
        assert!(is_no_date(text), "{text}");
    }
    for text in ["2012-04-03", "1900-01-01", "01/01/2001", "soon", "1", "31/12/2099"] {
        assert!(!is_no_date(text), "{text}");
    }
}

fn evidence(values: &[&str]) -> OrderEvidence {
    let mut evidence = OrderEvidence::default();
    for value in values {
        evidence.note(value);
    }
    evidence
}

#[test]
fn one_telling_value_decides_the_order_for_all() {
    let order = |values: &[&str]| evidence(values).order().unwrap();
    assert_eq!(order(&["01/02/2012", "04/25/2012"]), DateOrder::MonthFirst);
    assert_eq!(order(&["01/02/2012", "25/04/2012"]), DateOrder::DayFirst);
    assert_eq!(order(&["12-04-03", "99-12-31"]), DateOrder::YearFirst);
    assert_eq!(order(&["03/04/12", "25/04/2012"]), DateOrder::DayFirst);
    for nothing_depends_on_it in [&[][..], &["", "x", "2012-12-25", "41002"], &["05/05/2012"]] {
        assert_eq!(order(nothing_depends_on_it), DateOrder::DayFirst);
    }
    let starts = evidence(&["25/12/2011"]);
    assert_eq!(evidence(&["01/02/2012"]).with(&starts).order(), Ok(DateOrder::DayFirst));
}

#[test]
fn a_file_that_does_not_show_its_order_is_asked_about_with_an_example() {
    let ask = |values: &[&str]| evidence(values).order().unwrap_err();
    let question = ask(&["05/05/2012", "03/04/2012"]);
    assert_eq!(question.words(), "Is 03/04/2012 the 3rd of April or the 4th of March?");
    assert_eq!(question.choices, [DateOrder::DayFirst, DateOrder::MonthFirst]);
    assert_eq!(question.label(DateOrder::MonthFirst), "Month, day, year: 4 March 2012");
    let question = ask(&["12-04-03"]);
    assert_eq!(
        question.words(),
        "Is 12-04-03 the 12th of April 2003, the 4th of December 2003 or the 3rd of April 2012?"
    );
    assert_eq!(question.choices, DateOrder::ALL);
    let question = ask(&["25-12-11"]);
    assert_eq!(question.words(), "Is 25-12-11 the 25th of December 2011 or the 11th of December 2025?");
    let question = ask(&["25/12/2012", "12/25/2012", "03/04/2012"]);
    assert_eq!(
        question.words(),
        "The dates in this file are written in different orders: 25/12/2012 and 12/25/2012. Which order is right?"
    );
    assert!(question.hint().is_some());
    let stored = serde_json::to_string(&evidence(&["03/04/2012"])).unwrap();
    assert_eq!(serde_json::from_str::<OrderEvidence>(&stored).unwrap(), evidence(&["03/04/2012"]));
    assert!(serde_json::from_str::<OrderEvidence>(r#"{"day_first":3,"month_first":0}"#).unwrap().is_empty());
}

#[test]
fn the_name_of_a_column_decides_where_its_dates_do_not() {
    let order = |name: &str, values: &[&str]| {
        let mut evidence = evidence(values);
        evidence.note_name(name);
        evidence.order().ok()
    };
    for (name, said) in [
        ("Date of birth (DD/MM/YYYY)", Some(DateOrder::DayFirst)),
        ("Date de naissance (jj/mm/aaaa)*", Some(DateOrder::DayFirst)),
        ("Geburtsdatum TT.MM.JJ", Some(DateOrder::DayFirst)),
        ("Geboortedatum dd-mm-jjjj", Some(DateOrder::DayFirst)),
        ("DOB_mm/dd/yy", Some(DateOrder::MonthFirst)),
        ("birthdate yyyy-mm-dd", Some(DateOrder::YearFirst)),
        ("Date of birth", None),
        ("D M Smith", None),
    ] {
        assert_eq!(order(name, &["03/04/12"]), said, "{name}");
    }
    // Dates that cannot be in this order are believed.
    assert_eq!(order("DOB (DD/MM/YYYY)", &["03/04/2012", "04/25/2012"]), Some(DateOrder::MonthFirst));
    // Columns that contradict each other are asked about.
    let (mut born, mut left) = (evidence(&["03/04/2012"]), evidence(&["05/06/2026"]));
    born.note_name("DOB (DD/MM/YYYY)");
    left.note_name("Left (MM/DD/YYYY)");
    assert_eq!(born.clone().with(&evidence(&["05/06/2026"])).order(), Ok(DateOrder::DayFirst));
    assert!(born.with(&left).order().is_err());
}

proptest! {
    #[test]
    fn a_date_written_in_any_order_is_read_back(days in 10_000i64..60_000) {
        let day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        prop_assert_eq!(parse_date(&day.format("%d/%m/%Y").to_string(), DateOrder::DayFirst), Ok(day));
        prop_assert_eq!(parse_date(&day.format("%m/%d/%Y").to_string(), DateOrder::MonthFirst), Ok(day));
        prop_assert_eq!(parse_date(&day.format("%A %-d %B %Y").to_string(), DateOrder::MonthFirst), Ok(day));
        prop_assert_eq!(parse_date(&day.to_string(), DateOrder::DayFirst), Ok(day));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,20}") {
        let _ = parse_date(&text, DateOrder::DayFirst);
        let _ = is_no_date(&text);
        OrderEvidence::default().note(&text);
    }

    #[test]
    fn no_digits_break_the_reader(text in "[0-9:TZ+ /.-]{0,24}(Apr|GMT|am)?[0-9 :]{0,8}") {
        let _ = parse_date(&text, DateOrder::YearFirst);
        OrderEvidence::default().note(&text);
    }
}
