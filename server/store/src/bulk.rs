//! Many rows at once: for filling an index, and for worlds that are made up to measure with.

use sqlx::{Database, Encode, Postgres, QueryBuilder, Sqlite, Type};

use crate::{Inner, Result, Tx};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number(i64),
    /// No text.
    NoText,
    /// No number.
    NoNumber,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A table, and the columns that rows bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// The table.
    pub table: &'static str,
    /// Its columns, as SQL lists them.
    pub names: &'static str,
}

/// Neither database takes more values in one statement.
const VALUES: usize = 32_000;
/// So many rows make a statement that is worth its preparation.
const ROWS: usize = 400;

impl Tx {
    /// Adds rows, each with a value for each column. Rows that are there already stay.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn add_rows(&mut self, to: Columns, rows: Vec<Vec<Cell>>) -> Result<()> {
        let width = rows.first().map_or(1, Vec::len).max(1);
        let many = (VALUES / width).clamp(1, ROWS);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<Vec<Cell>> = rows.by_ref().take(many).collect();
            match &mut self.inner {
                Inner::Sqlite(transaction) => {
                    let mut insert = insert::<Sqlite>(to, part);
                    insert.build().execute(&mut **transaction).await?;
                }
                Inner::Postgres(transaction) => {
                    let mut insert = insert::<Postgres>(to, part);
                    insert.build().execute(&mut **transaction).await?;
                }
            }
        }
        Ok(())
    }
}

fn insert<DB: Database>(to: Columns, rows: Vec<Vec<Cell>>) -> QueryBuilder<DB>
where
    for<'t> String: Encode<'t, DB> + Type<DB>,
    for<'t> i64: Encode<'t, DB> + Type<DB>,
    for<'t> Option<String>: Encode<'t, DB> + Type<DB>,
    for<'t> Option<i64>: Encode<'t, DB> + Type<DB>,
{
    let mut insert = QueryBuilder::new(format!("INSERT INTO {} ({}) ", to.table, to.names));
    insert.push_values(rows, |mut values, row| {
        for cell in row {
            match cell {
                Cell::Text(text) => values.push_bind(text),
                Cell::Number(number) => values.push_bind(number),
                Cell::NoText => values.push_bind(None::<String>),
                Cell::NoNumber => values.push_bind(None::<i64>),
            };
        }
    });
    insert.push(" ON CONFLICT DO NOTHING");
    insert
}
