//! GROUP BY, ORDER BY and DISTINCT: where a name or a number may stand for a column of the result.

use std::collections::HashMap;

use pg_query::{
    NodeEnum,
    protobuf::{AConst, CoercionForm, Node, SelectStmt, a_const::Val},
};

use crate::{
    Error, How,
    resolve::{
        calls::sorted,
        flow::Flow,
        lookup::parts,
        scope::Hit,
        walk::{Out, Walk},
    },
};

/// The columns of a result by name: the first, and whether the name means different ones.
type Titles<'o> = HashMap<&'o str, (&'o Flow, bool)>;

fn titles<'o>(outs: &'o [Out<'_>]) -> Titles<'o> {
    let mut titles: Titles<'o> = HashMap::new();
    for out in outs {
        let known = titles.entry(&out.name).or_insert((&out.flow, false));
        let same = std::ptr::eq(known.0, &out.flow)
            || (known.0.straight().is_some() && known.0.straight() == out.flow.straight());
        known.1 |= !same;
    }
    titles
}

impl<'a> Walk<'a> {
    /// ORDER BY, GROUP BY and DISTINCT of a select.
    pub(super) fn clauses(
        &mut self,
        select: &'a SelectStmt,
        outs: &[Out<'a>],
    ) -> Result<(), Error> {
        let titles = titles(outs);
        for node in &select.sort_clause {
            let flow = self.either(sorted(node)?, outs, &titles, false)?;
            self.pieces.used(&flow, How::Order);
        }
        select.group_clause.iter().try_for_each(|node| self.group(node, outs, &titles))?;
        for node in &select.distinct_clause {
            match &node.node {
                // DISTINCT without ON.
                None => outs.iter().for_each(|out| self.pieces.used(&out.flow, How::Distinct)),
                Some(_) => {
                    let flow = self.either(node, outs, &titles, false)?;
                    self.pieces.used(&flow, How::Distinct);
                }
            }
        }
        Ok(())
    }

    /// ORDER BY of a set operation, which knows nothing but columns of the result.
    pub(super) fn outputs_sorted(
        &mut self,
        select: &'a SelectStmt,
        outs: &[Out<'a>],
    ) -> Result<(), Error> {
        let titles = titles(outs);
        for node in &select.sort_clause {
            let flow = match &sorted(node)?.node {
                Some(NodeEnum::AConst(constant)) => position(constant, outs)?,
                Some(NodeEnum::ColumnRef(reference)) => match parts(reference)? {
                    (names, false) if names.len() == 1 => {
                        let name = names.first().copied().unwrap_or_default();
                        title(name, &titles)?.ok_or_else(|| Error::Column(name.to_owned()))?
                    }
                    _ => return Err(Error::Syntax("ORDER BY of a set operation")),
                },
                _ => return Err(Error::Syntax("ORDER BY of a set operation")),
            };
            self.pieces.used(&flow, How::Order);
        }
        Ok(())
    }

    fn group(
        &mut self,
        node: &'a Node,
        outs: &[Out<'a>],
        titles: &Titles<'_>,
    ) -> Result<(), Error> {
        let inner: &[Node] = match &node.node {
            Some(NodeEnum::GroupingSet(set)) => &set.content,
            Some(NodeEnum::RowExpr(row))
                if row.row_format == CoercionForm::CoerceImplicitCast as i32 =>
            {
                &row.args
            }
            _ => {
                let flow = self.either(node, outs, titles, true)?;
                self.pieces.used(&flow, How::Group);
                return Ok(());
            }
        };
        self.enter()?;
        inner.iter().try_for_each(|node| self.group(node, outs, titles))?;
        self.leave();
        Ok(())
    }

    /// A column of the result or an expression over FROM. A bare name means the former first, but in
    /// GROUP BY a column of this select's FROM.
    fn either(
        &mut self,
        node: &'a Node,
        outs: &[Out<'a>],
        titles: &Titles<'_>,
        group: bool,
    ) -> Result<Flow, Error> {
        match &node.node {
            Some(NodeEnum::AConst(constant)) => return position(constant, outs),
            Some(NodeEnum::ColumnRef(reference)) => {
                if let (names, false) = parts(reference)?
                    && let [name] = *names.as_slice()
                    && !(group && self.of_from(name, titles)?)
                    && let Some(flow) = title(name, titles)?
                {
                    return Ok(flow);
                }
            }
            _ => {}
        }
        self.expression(node)
    }
}

impl<'a> Walk<'a> {
    /// Whether a name is a column of this select's FROM. One that is only guessed must not be another
    /// column of the result.
    fn of_from(&mut self, name: &str, titles: &Titles<'_>) -> Result<bool, Error> {
        let Some((range, hit)) = self.level()?.column(name)? else { return Ok(false) };
        let piece = match hit {
            Hit::Column(at) => range.columns.list.get(at).and_then(|column| column.piece),
            Hit::System(..) => None,
        };
        let other = titles.get(name).is_some_and(|(flow, _)| flow.straight() != piece);
        match other && range.guessed(hit) {
            true => Err(Error::Ambiguous(name.to_owned())),
            false => Ok(true),
        }
    }
}

fn title(name: &str, titles: &Titles<'_>) -> Result<Option<Flow>, Error> {
    match titles.get(name) {
        Some((_, true)) => Err(Error::Ambiguous(name.to_owned())),
        found => Ok(found.map(|(flow, _)| (*flow).clone())),
    }
}

/// A column of the result by its number, from 1.
fn position(constant: &AConst, outs: &[Out<'_>]) -> Result<Flow, Error> {
    let Some(Val::Ival(number)) = &constant.val else {
        return Err(Error::Syntax("constant that is no number of a column"));
    };
    let at = usize::try_from(number.ival).ok().and_then(|number| number.checked_sub(1));
    let out = at.and_then(|at| outs.get(at));
    Ok(out.ok_or_else(|| Error::Column(number.ival.to_string()))?.flow.clone())
}
