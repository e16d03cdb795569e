//! Lists of results, `x.*`, and what follows a value in parentheses: `(x).name` and `x[1]`.

use std::borrow::Cow;

use pg_query::{
    NodeEnum,
    protobuf::{AIndirection, Node},
};

use crate::{
    Error,
    resolve::{
        flow::Flow,
        lookup::parts,
        walk::{Out, Walk},
    },
};

impl<'a> Walk<'a> {
    /// The columns of a result.
    pub(super) fn targets(&mut self, nodes: &'a [Node]) -> Result<Vec<Out<'a>>, Error> {
        let mut outs = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Some(NodeEnum::ResTarget(target)) = &node.node else {
                return Err(Error::Syntax("SELECT"));
            };
            let value = target.val.as_deref().ok_or(Error::Syntax("SELECT"))?;
            match self.starred(value, true)? {
                Some(all) => outs.extend(all),
                None => {
                    let flow = self.expression(value)?;
                    let name = match target.name.as_str() {
                        "" => self.title_of(value),
                        name => Cow::Borrowed(name),
                    };
                    outs.push(Out { name, flow });
                }
            }
        }
        Ok(outs)
    }

    /// The columns that `*`, `x.*` or `(x).*` stands for; none for anything else.
    pub(super) fn starred(
        &mut self,
        node: &'a Node,
        bare: bool,
    ) -> Result<Option<Vec<Out<'a>>>, Error> {
        match &node.node {
            Some(NodeEnum::ColumnRef(reference)) => match parts(reference)? {
                (_, false) => Ok(None),
                (qualifier, true) if qualifier.is_empty() && bare => self.everything().map(Some),
                (qualifier, true) => {
                    let range = self.holder(reference, &qualifier)?;
                    self.all_of(&range).map(Some)
                }
            },
            Some(NodeEnum::AIndirection(indirection)) => match indirection.indirection.split_last()
            {
                Some((Node { node: Some(NodeEnum::AStar(_)) }, steps)) => {
                    self.all_fields(indirection, steps).map(Some)
                }
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn all_fields(
        &mut self,
        indirection: &'a AIndirection,
        steps: &'a [Node],
    ) -> Result<Vec<Out<'a>>, Error> {
        let argument = indirection.arg.as_deref().ok_or(Error::Syntax("AIndirection"))?;
        if let (Some(NodeEnum::ColumnRef(reference)), []) = (&argument.node, steps)
            && let Some(range) = self.whole(reference)?
        {
            return self.all_of(&range);
        }
        let flow = self.steps(argument, steps)?;
        let fields = self.fields(&flow).ok_or_else(|| Error::Field("*".into()))?;
        let out =
            |name: &'a String| Out { name: Cow::Borrowed(name), flow: flow.clone().computed() };
        Ok(fields.iter().map(out).collect())
    }

    /// The fields of a base column of a composite type.
    fn fields(&self, flow: &Flow) -> Option<&'a [String]> {
        let (relation, column) = self.pieces.column(flow)?;
        let column = self.on.numbered(relation)?.numbered(column)?;
        let found = self.on.type_numbered(column.type_oid)?;
        (found.kind == 'c').then_some(found.fields.as_slice())
    }

    pub(super) fn indirection(&mut self, indirection: &'a AIndirection) -> Result<Flow, Error> {
        let argument = indirection.arg.as_deref().ok_or(Error::Syntax("AIndirection"))?;
        self.steps(argument, &indirection.indirection)
    }

    /// Follows names and subscripts from a value.
    fn steps(&mut self, argument: &'a Node, steps: &'a [Node]) -> Result<Flow, Error> {
        let (mut flow, steps) = self.first_step(argument, steps)?;
        for step in steps {
            match &step.node {
                Some(NodeEnum::String(name)) => {
                    let fields = self.fields(&flow).unwrap_or_default();
                    if !fields.contains(&name.sval) {
                        return Err(Error::Field(name.sval.clone()));
                    }
                    flow = flow.computed();
                }
                Some(NodeEnum::AIndices(indices)) => {
                    let bounds = [&indices.lidx, &indices.uidx].into_iter().flatten();
                    flow.add(self.together(bounds.map(|bound| &**bound))?);
                }
                _ => return Err(Error::Field("*".into())),
            }
        }
        Ok(flow)
    }

    /// `(x).name`, where `x` is the name of a range, is a column of that.
    fn first_step(
        &mut self,
        argument: &'a Node,
        steps: &'a [Node],
    ) -> Result<(Flow, &'a [Node]), Error> {
        if let (Some(NodeEnum::ColumnRef(reference)), [Node { node: Some(first) }, rest @ ..]) =
            (&argument.node, steps)
            && let NodeEnum::String(name) = first
            && let Some(range) = self.whole(reference)?
        {
            return Ok((self.field_of(range, &name.sval)?, rest));
        }
        Ok((self.expression(argument)?, steps))
    }
}
