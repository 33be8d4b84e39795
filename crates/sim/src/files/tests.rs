use super::*;

const SFFD_HEADER: &str = "Call Number,Unit ID,Incident Number,Call Type,Call Date,Watch Date,\
Received DtTm,Entry DtTm,Dispatch DtTm,Response DtTm,On Scene DtTm,Transport DtTm,Hospital DtTm,\
Call Final Disposition,Available DtTm,Address,City,Zipcode of Incident,Battalion,Station Area,Box,\
Original Priority,Priority,Final Priority,ALS Unit,Call Type Group,Number of Alarms,Unit Type,\
Unit sequence in call dispatch,Fire Prevention District,Supervisor District,Neighborhood  District,\
Location,RowID";

/// A row of an SFFD file: times of day on 31 December 2016, empty where missing.
fn sffd_row(call: &str, unit: &str, times: [&str; 8], priorities: [&str; 2]) -> String {
    let at = |t: &str| if t.is_empty() { String::new() } else { format!("12/31/2016 {t}") };
    let [received, entry, dispatch, response, scene, transport, hospital, free] = times.map(at);
    let [original, priority] = priorities;
    format!(
        "{call},{unit},1,Medical Incident,,,{received},{entry},{dispatch},{response},{scene},\
         {transport},{hospital},Code 2 Transport,{free},0 Block of MARINA BLVD,San Francisco,94123,\
         B04,16,3452,{original},{priority},3,true,Alarm,1,ENGINE,1,4,2,Marina,\
         \"(37.80, -122.43)\",x"
    )
}

fn sffd(rows: &[String]) -> FileCalls {
    let text = format!("{SFFD_HEADER}\n{}\n", rows.join("\n"));
    read(text.as_bytes(), Format::Sffd).expect("the sample is read")
}

fn utc(at: Instant) -> String {
    jiff::Timestamp::from_millisecond(at.0).expect("an instant").to_string()
}

#[test]
fn sffd_rows_of_one_call_are_its_units_and_missing_times_stay_missing() {
    let file = sffd(&[
        sffd_row(
            "7",
            "AM30",
            ["11:52:01 PM", "11:55:04 PM", "11:55:20 PM", "", "", "", "", "11:59:00 PM"],
            ["3", "E"],
        ),
        sffd_row(
            "7",
            "E38",
            [
                "11:52:01 PM",
                "11:55:04 PM",
                "11:55:10 PM",
                "11:55:34 PM",
                "11:58:00 PM",
                "",
                "",
                "11:59:30 PM",
            ],
            ["3", "E"],
        ),
    ]);
    assert_eq!((file.calls.len(), file.rows, file.refused.len()), (1, 2, 0));
    let call = &file.calls[0];
    assert_eq!(utc(call.received_at), "2017-01-01T07:52:01Z");
    assert_eq!(
        call.place.as_ref().map(ToString::to_string).as_deref(),
        Some("0 Block of MARINA BLVD, San Francisco")
    );
    assert_eq!(call.point, Some(Point { lat: 37.80, lon: -122.43 }));
    let names: Vec<&str> = call.units.iter().map(|u| u.call_sign.as_str()).collect();
    assert_eq!(names, ["E38", "AM30"], "in the order they were sent");
    assert_eq!(call.units[0].on_scene.map(utc).as_deref(), Some("2017-01-01T07:58:00Z"));
    assert_eq!((call.units[1].response, call.units[1].on_scene), (None, None));
    let grade = |p: &Option<Priority>| p.as_ref().map(|p| p.grade.rank());
    assert_eq!((grade(&call.original_priority), grade(&call.priority)), (Some(1), Some(1)));
}

#[test]
fn priorities_are_grades_as_documented() {
    for (words, rank) in [("3", 1), ("E", 1), ("2", 2), ("B", 2), ("A", 3), ("1", 3), ("X", 3)] {
        let times = ["11:52:01 PM", "11:55:04 PM", "11:55:20 PM", "", "", "", "", "11:59:00 PM"];
        let file = sffd(&[sffd_row("7", "E1", times, [words, words])]);
        let got = file.calls[0].priority.as_ref().map(|p| p.grade.rank());
        assert_eq!(got, Some(rank), "{words}");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_named_with_its_line_and_the_others_are_read() {
    let times = ["11:52:01 PM", "11:55:04 PM", "11:55:20 PM", "", "", "", "", "11:59:00 PM"];
    let mut odd = times;
    odd[2] = "25:99";
    let rows = [
        sffd_row("7", "E1", times, ["3", "3"]),
        sffd_row("8", "E2", odd, ["3", "3"]),
        "9,E3,too,short".to_owned(),
        sffd_row("7", "E1", times, ["3", "3"]),
        sffd_row("10", "", times, ["3", "3"]),
        sffd_row("11", "E4", times, ["3", "3"]),
    ];
    let file = sffd(&rows);
    let refused: Vec<(u64, &str)> =
        file.refused.iter().map(|r| (r.line, r.reason.as_str())).collect();
    assert_eq!(
        refused,
        [
            (3, "'Dispatch DtTm': '12/31/2016 25:99' is not a time like 01/31/2017 09:05:09 PM"),
            (4, "this row has 4 columns and the header has 34"),
            (5, "unit E1 is on call 7 in an earlier row already"),
            (6, "'Unit ID' is empty"),
        ]
    );
    assert_eq!((file.calls.len(), file.rows), (2, 6));
}

#[test]
fn bytes_that_are_no_utf8_are_one_row_refused() {
    let times = ["11:52:01 PM", "11:55:04 PM", "11:55:20 PM", "", "", "", "", "11:59:00 PM"];
    let mut text = format!("{SFFD_HEADER}\n").into_bytes();
    text.extend(b"7,\xff\xfe,1\n");
    text.extend(sffd_row("8", "E1", times, ["3", "3"]).bytes());
    let file = read(&text[..], Format::Sffd).expect("the rest is read");
    assert_eq!((file.calls.len(), file.refused.len(), file.refused[0].line), (1, 1, 2));
}

#[test]
fn a_file_of_another_kind_or_of_nothing_is_refused_in_a_sentence() {
    let wrong = read(&b"a,b\n1,2\n"[..], Format::Sffd).map_err(|e| e.to_string());
    assert_eq!(
        wrong,
        Err("this is no sffd file: the column 'Call Number' is missing; check --format".to_owned())
    );
    let empty = read(format!("{SFFD_HEADER}\n").as_bytes(), Format::Sffd);
    let empty = empty.map_err(|e| e.to_string());
    assert_eq!(empty, Err("no call can be read from this file".to_owned()));
    assert!("nena".parse::<Format>().is_err_and(|e| e.contains("sffd, lfb, seattle or csv")));
}

#[test]
fn a_packed_file_reads_like_a_plain_one() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("{}\n", simple_rows());
    let plain = folder.path().join("calls.csv");
    let packed = folder.path().join("calls.csv.gz");
    std::fs::write(&plain, &text).expect("written");
    let file = std::fs::File::create(&packed).expect("made");
    let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gz.write_all(text.as_bytes()).and_then(|()| gz.finish().map(|_| ())).expect("packed");
    let read = |path: &Path| read_file(path, Format::Csv).expect("the file is read");
    assert_eq!(read(&plain), read(&packed));
    let missing = read_file(&folder.path().join("none"), Format::Csv);
    assert!(missing.is_err_and(|e| e.to_string().contains("check its name")));
}

fn simple_rows() -> String {
    "call,received,kind,place,lat,lon,priority,unit,dispatched,en_route,on_scene,available\n\
     1,2026-03-29T00:30:00Z,burglary,1 Mill Lane,53.1,1.2,2,DC1,2026-03-29T02:05:00+01:00,,,\n\
     1,2026-03-29T00:30:00Z,burglary,,,,,DC2,2026-03-29T01:10:00Z,,2026-03-29T01:20:00Z,\n\
     2,2026-03-29T00:40:00Z,fraud,,,,,,,,,\n\
     3,2026-03-29 00:40,fraud,,,,,,,,,\n\
     4,2026-03-29T00:40:00Z,fraud,,,,77,,,,,\n\
     5,2026-03-29T00:40:00Z,fraud,,99,0,,,,,,"
        .to_owned()
}

#[test]
fn our_own_format_reads_instants_with_their_offset() {
    let file = read(simple_rows().as_bytes(), Format::Csv).expect("the sample is read");
    assert_eq!(file.calls.len(), 2);
    let first = &file.calls[0];
    assert_eq!(first.units[0].dispatch.map(utc).as_deref(), Some("2026-03-29T01:05:00Z"));
    assert_eq!(first.units[1].on_scene.map(utc).as_deref(), Some("2026-03-29T01:20:00Z"));
    assert_eq!(first.priority.as_ref().map(|p| p.grade.rank()), Some(2));
    assert!(file.calls[1].units.is_empty() && file.calls[1].priority.is_none());
    let lines: Vec<u64> = file.refused.iter().map(|r| r.line).collect();
    assert_eq!(lines, [5, 6, 7]);
    assert!(file.refused[0].reason.contains("write its offset too"), "{:?}", file.refused[0]);
    for column in CSV_DOCS.lines().nth(2).expect("the header").split(',') {
        assert!(simple_rows().lines().next().expect("a header").contains(column), "{column}");
    }
}

#[test]
fn london_gives_seconds_to_the_first_and_second_pump() {
    let text = "incident_number,timestamp_of_call,incident_group,stop_code_description,\
special_service_type,property_type,postcode_district,ward_name,borough_name,\
incident_station_ground,first_pump_arriving_attendance_time,\
first_pump_arriving_deployed_from_station,second_pump_arriving_attendance_time,\
second_pump_arriving_deployed_from_station\n\
1-01012017,2017-01-01 00:06:18,False Alarm,AFA,,Plant,SE2,ABBEY WOOD,GREENWICH,Plumstead,835,\
North Kensington,901,Plumstead\n\
2-01072017,2017-07-01 00:06:18,Special Service,Special Service,RTC,,E9,,HACKNEY,Homerton,,,,\n\
3-01072017,2017-07-01 00:06:18,Fire,Primary Fire,,,E9,,HACKNEY,Homerton,soon,,,\n";
    let file = read(text.as_bytes(), Format::Lfb).expect("the sample is read");
    let [winter, summer] = &file.calls[..] else { panic!("two calls are read") };
    assert_eq!(utc(winter.received_at), "2017-01-01T00:06:18Z");
    assert_eq!(utc(summer.received_at), "2017-06-30T23:06:18Z");
    let times: Vec<(&str, Option<String>)> =
        winter.units.iter().map(|u| (u.call_sign.as_str(), u.on_scene.map(utc))).collect();
    assert_eq!(
        times,
        [
            ("NorthKensing", Some("2017-01-01T00:20:13Z".to_owned())),
            ("Plumstead", Some("2017-01-01T00:21:19Z".to_owned())),
        ]
    );
    assert_eq!((summer.kind.as_str(), summer.units[0].on_scene), ("RTC", None));
    assert!(file.units_are_synthetic() && file.has_response_times());
    let refused = &file.refused[0];
    assert_eq!(
        (refused.line, refused.reason.as_str()),
        (4, "'first_pump_arriving_attendance_time': 'soon' is not a number")
    );
}

#[test]
fn seattle_gives_the_time_at_the_scene_only() {
    let text = "Event Clearance Description,Hundred Block Location,Longitude,Latitude,\
Initial Type Description,Initial Type Group,At Scene Time\n\
DISTURBANCE,14XX BLOCK OF BROADWAY,-122.32,47.61,\"DISTURBANCE, OTHER\",DISTURBANCES,\
2015-01-01T00:02\n\
DISTURBANCE,14XX BLOCK OF BROADWAY,-122.32,47.61,X,DISTURBANCES,\n";
    let file = read(text.as_bytes(), Format::Seattle).expect("the sample is read");
    let call = &file.calls[0];
    assert_eq!(utc(call.received_at), "2015-01-01T08:02:00Z");
    assert_eq!(call.units[0].on_scene, Some(call.received_at));
    assert_eq!((call.units[0].response, call.units[0].available), (None, None));
    assert!(!file.has_response_times());
    assert_eq!(file.refused[0].reason, "'At Scene Time' is empty");
}

#[test]
fn the_hour_that_came_twice_is_told_by_the_time_before_it_and_the_absent_one_moves_on() {
    let clock = local_time::LocalTime::new("America/Los_Angeles", "%Y-%m-%d %H:%M").expect("known");
    let at = |text: &str, after: Option<Instant>| clock.instant(text, after).expect("a time");
    let first = at("2015-11-01 01:30", None);
    assert_eq!(utc(first), "2015-11-01T08:30:00Z");
    let later = at("2015-11-01 01:50", None);
    assert_eq!(utc(at("2015-11-01 01:10", Some(later))), "2015-11-01T09:10:00Z");
    assert_eq!(at("2015-11-01 01:50", Some(first)), later);
    assert_eq!(utc(at("2015-03-08 02:30", None)), "2015-03-08T10:30:00Z");
    assert!(clock.instant("2015-02-30 02:30", None).is_err());
}
