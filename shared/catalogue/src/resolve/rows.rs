//! Functions in FROM: what their columns are called.

use std::{borrow::Cow, rc::Rc};

use pg_query::{
    NodeEnum,
    protobuf::{FuncCall, List, Node, RangeFunction},
};

use crate::{
    Error, How,
    resolve::{
        calls::called,
        flow::Flow,
        from::named,
        kinds::Shape,
        scope::{Column, Columns, Range},
        walk::{Walk, renamed},
    },
};

impl<'a> Walk<'a> {
    pub(super) fn range_function(
        &mut self,
        function: &'a RangeFunction,
    ) -> Result<Range<'a>, Error> {
        // A function in FROM always sees what stands to the left of it.
        let before = std::mem::replace(&mut self.level()?.lateral, true);
        let alias = named(function.alias.as_ref());
        let mut first = None;
        let mut list = Vec::new();
        let mut open = false;
        for pair in &function.functions {
            let Some(NodeEnum::List(pair)) = &pair.node else {
                return Err(Error::Syntax("function in FROM"));
            };
            let call = caller(pair)?;
            first = first.or(Some(called(call)?));
            let alone = (function.functions.len() == 1).then_some(alias).flatten();
            let flow = self.arguments(call)?;
            let (names, known) = match definitions(function, pair)? {
                Some(names) => (names, true),
                None => self.columns_of(call, alone.map(|(name, _)| name))?,
            };
            if !known && function.functions.len() > 1 {
                return Err(Error::Syntax("function in FROM"));
            }
            open |= !known;
            let piece = self.pieces.derived(&flow.computed());
            let column = |name| Column { guessed: !known, ..Column::plain(name, piece) };
            list.extend(names.into_iter().map(column));
        }
        self.level()?.lateral = before;
        if function.ordinality {
            list.push(Column::plain(Cow::Borrowed("ordinality"), None));
        }
        let (name, names) = alias.or(first.map(|name| (name, [].as_slice()))).unwrap_or_default();
        let made = Range::made(Some(name), renamed(Rc::new(Columns::of(list)), names, name)?);
        Ok(Range { open, ..made })
    }

    fn arguments(&mut self, call: &'a FuncCall) -> Result<Flow, Error> {
        if self.makes_one_of_many(call, called(call)?) {
            return Err(Error::Syntax("function in FROM"));
        }
        let mut all = Flow::default();
        for argument in &call.args {
            all.add(self.used(argument, How::Argument)?);
        }
        Ok(all)
    }

    /// The names of the columns that a function makes, and whether those are all.
    fn columns_of(
        &mut self,
        call: &'a FuncCall,
        alias: Option<&'a str>,
    ) -> Result<(Vec<Cow<'a, str>>, bool), Error> {
        let name = called(call)?;
        // Of several arrays each gets columns of its own.
        if name == "unnest" && call.funcname.len() == 1 && call.args.len() > 1 {
            return self.columns_of_each(name, &call.args);
        }
        let one = vec![Cow::Borrowed(alias.unwrap_or(name))];
        Ok(match self.shape(call)? {
            Shape::Fields(fields) => (fields.into_iter().map(Cow::Borrowed).collect(), true),
            Shape::Single => (one, true),
            Shape::Unknown => (one, false),
        })
    }

    fn columns_of_each(
        &mut self,
        name: &'a str,
        arguments: &'a [Node],
    ) -> Result<(Vec<Cow<'a, str>>, bool), Error> {
        for argument in arguments {
            if !self.is_plain_array(argument)? {
                return Err(Error::Syntax("function in FROM"));
            }
        }
        Ok((vec![Cow::Borrowed(name); arguments.len()], true))
    }
}

fn caller(pair: &List) -> Result<&FuncCall, Error> {
    match pair.items.first().map(|node| &node.node) {
        Some(Some(NodeEnum::FuncCall(call))) => Ok(call),
        _ => Err(Error::Syntax("function in FROM")),
    }
}

/// The columns that the statement itself says there are: `AS x(name type)`.
fn definitions<'a>(
    function: &'a RangeFunction,
    pair: &'a List,
) -> Result<Option<Vec<Cow<'a, str>>>, Error> {
    let own: &[Node] = match pair.items.get(1).map(|node| &node.node) {
        Some(Some(NodeEnum::List(own))) => &own.items,
        _ => &[],
    };
    let list = if own.is_empty() { &function.coldeflist } else { own };
    let name = |node: &'a Node| match &node.node {
        Some(NodeEnum::ColumnDef(column)) => Ok(Cow::Borrowed(column.colname.as_str())),
        _ => Err(Error::Syntax("function in FROM")),
    };
    match list.is_empty() {
        true => Ok(None),
        false => list.iter().map(name).collect::<Result<_, _>>().map(Some),
    }
}
