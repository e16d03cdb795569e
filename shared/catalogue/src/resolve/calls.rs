//! Calls of functions, aggregates and windows.

use pg_query::{
    NodeEnum,
    protobuf::{FuncCall, Node, WindowDef},
};

use crate::{
    Error, Form, How,
    resolve::{
        flow::Flow,
        walk::{Walk, text},
    },
};

impl<'a> Walk<'a> {
    pub(super) fn call(&mut self, call: &'a FuncCall) -> Result<Flow, Error> {
        let name = called(call)?;
        if !self.makes_one_of_many(call, name) {
            return self.together(&call.args);
        }
        let how = || How::Aggregate(name.to_owned());
        let mut all = Flow::default();
        for argument in &call.args {
            let flow = self.used(argument, how())?;
            if call.agg_distinct {
                self.pieces.used(&flow, How::Distinct);
            }
            all.add(flow);
        }
        for sort in &call.agg_order {
            let flow = self.used(sorted(sort)?, How::Order)?;
            if call.agg_within_group {
                self.pieces.used(&flow, how());
            }
            all.add(flow);
        }
        if let Some(condition) = call.agg_filter.as_deref() {
            all.add(self.used(condition, How::Filter)?);
        }
        if let Some(window) = call.over.as_deref() {
            let base = if window.name.is_empty() { &window.refname } else { &window.name };
            all.add(self.window(window, base)?);
        }
        Ok(all.indirect())
    }

    /// Whether it is an aggregate or window function.
    pub(super) fn makes_one_of_many(&self, call: &FuncCall, name: &str) -> bool {
        let candidates = self.on.functions(name).iter();
        let mut forms = candidates.map(|candidate| candidate.form);
        call.over.is_some()
            || call.agg_star
            || call.agg_within_group
            || call.agg_distinct
            || call.agg_filter.is_some()
            || !call.agg_order.is_empty()
            || forms.any(|form| matches!(form, Form::Aggregate | Form::Window))
    }

    /// The windows that a select names.
    pub(super) fn windows(&mut self, nodes: &'a [Node]) -> Result<(), Error> {
        for node in nodes {
            let Some(NodeEnum::WindowDef(window)) = &node.node else {
                return Err(Error::Syntax("WINDOW"));
            };
            let flow = self.window(window, &window.refname)?;
            let known = self.level()?.windows.insert(&window.name, flow);
            if known.is_some() {
                return Err(Error::Twice(window.name.clone()));
            }
        }
        Ok(())
    }

    /// What decides in a window which rows are together, and in which order. It may begin with another
    /// one.
    fn window(&mut self, window: &'a WindowDef, base: &str) -> Result<Flow, Error> {
        let mut all = Flow::default();
        if !base.is_empty() {
            let known = self.level()?.windows.get(base).cloned();
            all.add(known.ok_or(Error::Syntax("WINDOW"))?);
        }
        for node in &window.partition_clause {
            all.add(self.used(node, How::Group)?);
        }
        for node in &window.order_clause {
            all.add(self.used(sorted(node)?, How::Order)?);
        }
        for node in [&window.start_offset, &window.end_offset].into_iter().flatten() {
            all.add(self.used(node, How::Filter)?);
        }
        Ok(all)
    }
}

/// The name of what is called, without its schema.
pub(super) fn called(call: &FuncCall) -> Result<&str, Error> {
    text(call.funcname.last().ok_or(Error::Syntax("FuncCall"))?)
}

/// What is sorted by.
pub(super) fn sorted(node: &Node) -> Result<&Node, Error> {
    match &node.node {
        Some(NodeEnum::SortBy(sort)) => sort.node.as_deref().ok_or(Error::Syntax("ORDER BY")),
        _ => Err(Error::Syntax("ORDER BY")),
    }
}
