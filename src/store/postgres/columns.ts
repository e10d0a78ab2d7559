/**
 * Rows as one array per column, in the order of the pickers: what `unnest($1::int[], $2::text[], …)` takes, so that any
 * number of rows is one statement.
 */
export const columns = <Row, Cell>(rows: readonly Row[], ...pick: readonly ((row: Row) => Cell)[]): Cell[][] =>
  pick.map((of) => rows.map(of))

/** The rows by their names, the last of each name: a statement must not meet one row twice. */
export const lastOfEach = <Row>(rows: readonly Row[], name: (row: Row) => string | number): Row[] => [
  ...new Map(rows.map((row) => [name(row), row])).values(),
]
