//! Comma-separated values as the query services write them: quotes doubled inside quotes, lines inside quotes.

/// One record: the 1-based line on which it begins, and its fields. `Err` for quotes that are never closed.
pub type Record = Result<(usize, Vec<String>), usize>;

/// All records that hold anything.
pub fn records(text: &str) -> Vec<Record> {
    let mut out = Vec::new();
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let (mut quoted, mut line, mut begin) = (false, 1, 1);
    let mut chars = text.chars().peekable();
    let mut end = |fields: &mut Vec<String>, field: &mut String, begin: usize| {
        fields.push(std::mem::take(field));
        let record = std::mem::take(fields);
        if record.iter().any(|f| !f.trim().is_empty()) {
            out.push(Ok((begin, record)));
        }
    };
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            c if quoted => field.push(c),
            ',' => fields.push(std::mem::take(&mut field)),
            '\r' => {}
            '\n' => {
                end(&mut fields, &mut field, begin);
                begin = line;
            }
            c => field.push(c),
        }
    }
    if quoted {
        out.push(Err(begin));
    } else {
        end(&mut fields, &mut field, begin);
    }
    out
}
