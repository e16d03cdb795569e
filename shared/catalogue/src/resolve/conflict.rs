//! ON CONFLICT: what is compared, and what is set instead.

use std::rc::Rc;

use pg_query::{
    NodeEnum,
    protobuf::{InferClause, OnConflictAction, OnConflictClause},
};

use crate::{
    Error, How, Relation,
    resolve::{
        flow::Flow,
        scope::{Item, Range},
        walk::Walk,
        write::versioned,
    },
};

impl<'a> Walk<'a> {
    pub(super) fn conflict(
        &mut self,
        clause: &'a OnConflictClause,
        relation: &'a Relation,
        target: &Rc<Range<'a>>,
    ) -> Result<(), Error> {
        let infer = clause.infer.as_deref();
        match infer.filter(|infer| infer.conname.is_empty()) {
            Some(infer) => self.inferred(infer, target)?,
            None => self.any_key(relation),
        }
        match OnConflictAction::try_from(clause.action) {
            Ok(OnConflictAction::OnconflictNothing) => return Ok(()),
            Ok(OnConflictAction::OnconflictUpdate) => {}
            _ => return Err(Error::Syntax("ON CONFLICT")),
        }
        let stored = Item { range: Rc::clone(target), by_name: true, by_column: true };
        self.see_only(vec![stored, Item::new(versioned(target, "excluded"))])?;
        self.assignments(&clause.target_list, relation)?;
        self.maybe_used(clause.where_clause.as_deref(), How::Filter)
    }

    /// The columns and expressions of a key, which see the target's columns without its name.
    fn inferred(&mut self, infer: &'a InferClause, target: &Rc<Range<'a>>) -> Result<(), Error> {
        self.see_only(vec![Item { range: Rc::clone(target), by_name: false, by_column: true }])?;
        for node in &infer.index_elems {
            let Some(NodeEnum::IndexElem(element)) = &node.node else {
                return Err(Error::Syntax("ON CONFLICT"));
            };
            match element.expr.as_deref() {
                Some(expression) => drop(self.used(expression, How::Filter)?),
                None => {
                    let flow = self.field_of(Rc::clone(target), &element.name)?;
                    self.pieces.used(&flow, How::Filter);
                }
            }
        }
        self.maybe_used(infer.where_clause.as_deref(), How::Filter)
    }

    /// Any column may be in a key that is only named, or not even that.
    fn any_key(&mut self, relation: &'a Relation) {
        for column in &relation.columns {
            let piece = self.pieces.base(relation.oid, column.number);
            self.pieces.used(&Flow::of(piece), How::Filter);
        }
    }
}
