//! `top`: what is being told, live in the terminal.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use chancery::feed::Feed;
use chancery::index::{Added, Ask, By, Filter, Index, Selection, Spot, parse};
use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Table};

use crate::cli::{Common, TopArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::tap;

/// Time between two looks at the files.
const LOOK: Duration = Duration::from_millis(500);
/// Events listed at most.
const LATEST: usize = 200;
const COOPERATION: Color = Color::Cyan;
const CONFLICT: Color = Color::Yellow;

/// What is on the screen.
struct View {
    feed: Feed,
    index: Index,
    ask: Ask,
    latest: Vec<Line<'static>>,
    /// Moments of arrival of the last minute's events.
    arrived: Vec<(Instant, u64)>,
    bad: u64,
    scroll: u16,
}

/// Runs the command until q is typed.
pub fn run(_common: &Common, args: &TopArgs) -> Outcome {
    if !std::io::stdout().is_terminal() {
        let hint = "hint: chancery tap prints events to a pipe";
        return Err(Failure::new(
            Exit::Usage,
            format!("top draws on a terminal, and this is none\n  {hint}"),
        ));
    }
    let ask = tap::filter(&args.filter)?;
    let mut view = View {
        feed: Feed::new(&args.events, None),
        index: Index::default(),
        ask: Ask { duplicates: Some(false), ..ask },
        latest: Vec::new(),
        arrived: Vec::new(),
        bad: 0,
        scroll: 0,
    };
    view.read(true)?;
    let mut terminal = ratatui::try_init()?;
    let ended = view.watch(&mut terminal);
    ratatui::restore();
    ended.map(|()| Exit::Fine)
}

impl View {
    fn watch(&mut self, terminal: &mut ratatui::DefaultTerminal) -> Result<(), Failure> {
        loop {
            self.read(false)?;
            terminal.draw(|frame| self.draw(frame))?;
            if !event::poll(LOOK)? {
                continue;
            }
            let Event::Key(key) = event::read()? else { continue };
            if key.kind != KeyEventKind::Press {
                continue;
            }
            match key.code {
                KeyCode::Char('q') | KeyCode::Esc => return Ok(()),
                KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return Ok(()),
                KeyCode::Down | KeyCode::Char('j') => self.scroll = self.scroll.saturating_add(1),
                KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Takes in what was written since the last look.
    fn read(&mut self, first: bool) -> Result<(), Failure> {
        let unreadable = |e: std::io::Error| Failure::new(Exit::Unreadable, e);
        let mut came = 0;
        while let Some(chunk) = self.feed.next_chunk().map_err(unreadable)? {
            let mut told = Vec::new();
            for (at, line) in chunk.lines() {
                let spot = Spot { file: chunk.file, at, len: line.len() as u32 };
                match parse(line) {
                    Ok(parsed) => {
                        if let Added::Event(row) = self.index.add(parsed, spot) {
                            told.push((row, line));
                        }
                    }
                    Err(_) => self.bad += 1,
                }
            }
            let filter = Filter::new(&self.ask, &self.index).map_err(|e| Failure::new(Exit::Usage, e))?;
            let wanted = |row: &u32| filter.wants(&self.index.rows()[*row as usize], &self.index);
            told.retain(|(row, _)| wanted(row));
            came += told.len() as u64;
            let from = told.len().saturating_sub(LATEST);
            self.latest.extend(told[from..].iter().filter_map(|(_, line)| short(line)));
            let over = self.latest.len().saturating_sub(LATEST);
            self.latest.drain(..over);
        }
        if came > 0 && !first {
            self.arrived.push((Instant::now(), came));
        }
        self.arrived.retain(|(at, _)| at.elapsed() < Duration::from_secs(60));
        Ok(())
    }

    fn draw(&self, frame: &mut Frame) {
        let Ok(filter) = Filter::new(&self.ask, &self.index) else { return };
        let [head, body, foot] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(6), Constraint::Length(1)])
                .areas(frame.area());
        let [figures, feed] =
            Layout::horizontal([Constraint::Percentage(40), Constraint::Percentage(60)]).areas(body);
        let [types, pairs] =
            Layout::vertical([Constraint::Percentage(55), Constraint::Percentage(45)]).areas(figures);
        let minute: u64 = self.arrived.iter().map(|(_, n)| n).sum();
        let selection = self.index.select(&filter);
        let total = selection.rows.len();
        let bad = if self.bad > 0 { format!("  {} lines passed over", self.bad) } else { String::new() };
        let title = format!(" chancery top   {total} events   {minute} in the last minute{bad}");
        frame.render_widget(Paragraph::new(title).reversed(), head);
        self.draw_types(frame, types, &selection);
        self.draw_pairs(frame, pairs, &selection);
        let lines: Vec<Line> = self.latest.iter().rev().cloned().collect();
        let latest =
            Paragraph::new(lines).scroll((self.scroll, 0)).block(Block::bordered().title(" latest "));
        frame.render_widget(latest, feed);
        frame.render_widget(Paragraph::new(" q ends   ↑ ↓ scroll").dim(), foot);
    }

    fn draw_types(&self, frame: &mut Frame, area: Rect, selection: &Selection) {
        let series = self.index.series(selection, By::Event, None);
        let sums: Vec<(&str, u32)> =
            series.series.iter().map(|l| (l.key.as_str(), l.counts.iter().sum::<u32>())).collect();
        let most = sums.iter().map(|s| s.1).max().unwrap_or(1).max(1);
        let room = area.width.saturating_sub(20) as u32;
        let rows = sums.iter().map(|(name, n)| {
            let quad = chancery::model::EventType::parse(name).map_or(1, |e| e.facts().quad);
            Row::new([
                Cell::from(name.to_lowercase()),
                Cell::from(Line::from(n.to_string()).right_aligned()),
                Cell::from(Span::styled("█".repeat((n * room / most) as usize), style(quad))),
            ])
        });
        let widths = [Constraint::Length(10), Constraint::Length(7), Constraint::Min(4)];
        frame.render_widget(Table::new(rows, widths).block(Block::bordered().title(" types ")), area);
    }

    fn draw_pairs(&self, frame: &mut Frame, area: Rect, selection: &Selection) {
        let dyads = self.index.dyads(selection, area.height as usize).dyads;
        let mut dyads: Vec<_> = dyads.into_iter().collect();
        dyads.sort_by_key(|d| std::cmp::Reverse(d.cooperation + d.conflict));
        let number = |n: u32, color| Cell::from(Line::from(n.to_string()).right_aligned().fg(color));
        let rows = dyads.iter().map(|d| {
            Row::new([
                Cell::from(format!("{} > {}", d.actor, d.recipient)),
                number(d.cooperation, COOPERATION),
                number(d.conflict, CONFLICT),
            ])
        });
        let widths = [Constraint::Min(12), Constraint::Length(8), Constraint::Length(8)];
        let head = Row::new(["", "cooper.", "conflict"]).dim();
        let table = Table::new(rows, widths).header(head).block(Block::bordered().title(" pairs "));
        frame.render_widget(table, area);
    }
}

/// Acts are bold, words are not; blue is cooperation, yellow conflict.
fn style(quad: u8) -> Style {
    let style = Style::new().fg(if quad <= 2 { COOPERATION } else { CONFLICT });
    if quad.is_multiple_of(2) { style.add_modifier(Modifier::BOLD) } else { style }
}

fn short(line: &[u8]) -> Option<Line<'static>> {
    let record: serde_json::Value = serde_json::from_slice(line).ok()?;
    let quad = record["quad"].as_u64().unwrap_or(1) as u8;
    let event = record["event"].as_str().unwrap_or_default().to_lowercase();
    let text = tap::plain(record["evidence"]["text"].as_str().unwrap_or_default(), 300);
    Some(Line::from(vec![
        Span::raw(record["date"].as_str().unwrap_or_default().to_string()).dim(),
        Span::styled(format!(" {event:<9} "), style(quad)),
        Span::raw(format!("{:<10} ", tap::who(&record))).bold(),
        Span::raw(text),
    ]))
}
