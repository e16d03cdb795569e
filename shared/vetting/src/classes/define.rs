//! Plain forms of the statements that make, change, drop and comment on tables and indexes.
//!
//! Each piece is held against what it would be if only its plain parts were filled in, so that nothing
//! can stand in it which nobody thought of. A table or column is never renamed, and no column is filled
//! from another: tags go by names.

use pg_query::{
    Node, NodeEnum,
    protobuf::{
        AlterTableCmd, AlterTableStmt, AlterTableType, CommentStmt, CreateStmt, DropBehavior,
        DropStmt, IndexStmt, ObjectType, OnCommitAction, RangeVar,
    },
};

use super::{columns, fancy, inside, only};
use crate::Error;

/// A relation by the name that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The schema, if one was written.
    pub(crate) schema: Option<String>,
    /// The name.
    pub(crate) name: String,
}

/// What a statement would change.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    /// What it is called: `CREATE TABLE`.
    pub(crate) words: &'static str,
    /// Every table that it makes, changes, drops, comments on or refers to, in the order of the text.
    pub(crate) tables: Vec<Named>,
    /// Indexes that it drops.
    pub(crate) indexes: Vec<Named>,
    /// Expressions and types in it, which must be followed as those of a query are. A type stands here
    /// as a cast of nothing. All columns are named alone, so that none can be a call.
    pub(crate) pieces: Vec<Node>,
}

/// Reads a definition.
///
/// # Errors
/// [`Error::Clause`] for a form that is not plain.
pub(super) fn read(statement: &NodeEnum) -> Result<Definition, Error> {
    let mut found = Definition::default();
    found.words = match statement {
        NodeEnum::AlterTableStmt(alter) => found.alter(alter)?,
        NodeEnum::CommentStmt(comment) => found.comment(comment)?,
        NodeEnum::CreateStmt(create) => found.create(create)?,
        NodeEnum::DropStmt(drop) => found.drop(drop)?,
        NodeEnum::IndexStmt(index) => found.index(index)?,
        NodeEnum::CreateTableAsStmt(_) => return fancy("CREATE TABLE AS"),
        NodeEnum::RenameStmt(_) => return fancy("RENAME"),
        NodeEnum::AlterObjectSchemaStmt(_) => return fancy("SET SCHEMA"),
        NodeEnum::AlterTableMoveAllStmt(_) => return fancy("ALL IN TABLESPACE"),
        _ => return Err(Error::Unfollowed("definition")),
    };
    Ok(found)
}

impl Definition {
    fn create(&mut self, create: &CreateStmt) -> Result<&'static str, Error> {
        let plain = CreateStmt {
            relation: create.relation.clone(),
            table_elts: create.table_elts.clone(),
            oncommit: OnCommitAction::OncommitNoop.into(),
            if_not_exists: create.if_not_exists,
            ..CreateStmt::default()
        };
        only(create, &plain, "CREATE TABLE with more than columns and constraints")?;
        self.table(create.relation.as_ref())?;
        for element in &create.table_elts {
            match inside(Some(element))? {
                NodeEnum::ColumnDef(column) => columns::column(self, column)?,
                NodeEnum::Constraint(constraint) => columns::constraint(self, constraint)?,
                _ => return fancy("CREATE TABLE with LIKE"),
            }
        }
        Ok("CREATE TABLE")
    }

    fn index(&mut self, index: &IndexStmt) -> Result<&'static str, Error> {
        let plain = IndexStmt {
            idxname: index.idxname.clone(),
            relation: index.relation.clone(),
            access_method: index.access_method.clone(),
            index_params: index.index_params.clone(),
            index_including_params: index.index_including_params.clone(),
            where_clause: index.where_clause.clone(),
            unique: index.unique,
            nulls_not_distinct: index.nulls_not_distinct,
            if_not_exists: index.if_not_exists,
            ..IndexStmt::default()
        };
        only(index, &plain, "CREATE INDEX with CONCURRENTLY, WITH or TABLESPACE")?;
        if !["brin", "btree", "gin", "gist", "hash", "spgist"].contains(&&*index.access_method) {
            return fancy("CREATE INDEX with a method that is not built in");
        }
        self.table(index.relation.as_ref())?;
        for element in index.index_params.iter().chain(&index.index_including_params) {
            columns::index_element(self, element)?;
        }
        self.maybe(index.where_clause.as_deref())?;
        Ok("CREATE INDEX")
    }

    fn alter(&mut self, alter: &AlterTableStmt) -> Result<&'static str, Error> {
        if alter.objtype != i32::from(ObjectType::ObjectTable) {
            return Err(Error::Unfollowed("definition"));
        }
        self.table(alter.relation.as_ref())?;
        for command in &alter.cmds {
            match inside(Some(command))? {
                NodeEnum::AlterTableCmd(command) => self.command(command)?,
                _ => return Err(Error::Unfollowed("definition")),
            }
        }
        Ok("ALTER TABLE")
    }

    fn command(&mut self, command: &AlterTableCmd) -> Result<(), Error> {
        use AlterTableType as Type;
        const CLAUSE: &str = "ALTER TABLE with more than columns and constraints";
        let plain = AlterTableCmd {
            subtype: command.subtype,
            name: command.name.clone(),
            def: command.def.clone(),
            behavior: restrict(command.behavior)?,
            missing_ok: command.missing_ok,
            ..AlterTableCmd::default()
        };
        only(command, &plain, CLAUSE)?;
        let def = command.def.as_deref();
        match (Type::try_from(command.subtype), def) {
            (Ok(Type::AtColumnDefault), Some(value)) => self.expression(value),
            (Ok(Type::AtAddColumn | Type::AtAlterColumnType), Some(def)) => {
                match inside(Some(def))? {
                    NodeEnum::ColumnDef(column) => columns::column(self, column),
                    _ => Err(Error::Unfollowed("definition")),
                }
            }
            (Ok(Type::AtAddConstraint), Some(def)) => match inside(Some(def))? {
                NodeEnum::Constraint(constraint) => columns::constraint(self, constraint),
                _ => Err(Error::Unfollowed("definition")),
            },
            (
                Ok(
                    Type::AtColumnDefault
                    | Type::AtDropColumn
                    | Type::AtDropConstraint
                    | Type::AtDropNotNull
                    | Type::AtSetNotNull
                    | Type::AtValidateConstraint,
                ),
                None,
            ) => Ok(()),
            _ => fancy(CLAUSE),
        }
    }

    fn drop(&mut self, drop: &DropStmt) -> Result<&'static str, Error> {
        let plain = DropStmt {
            objects: drop.objects.clone(),
            remove_type: drop.remove_type,
            behavior: restrict(drop.behavior)?,
            missing_ok: drop.missing_ok,
            concurrent: false,
        };
        only(drop, &plain, "DROP INDEX CONCURRENTLY")?;
        for object in &drop.objects {
            let named = named(object, false)?;
            match ObjectType::try_from(drop.remove_type) {
                Ok(ObjectType::ObjectIndex) => self.indexes.push(named),
                Ok(ObjectType::ObjectTable) => self.tables.push(named),
                _ => return Err(Error::Unfollowed("definition")),
            }
        }
        Ok(if self.indexes.is_empty() { "DROP TABLE" } else { "DROP INDEX" })
    }

    fn comment(&mut self, comment: &CommentStmt) -> Result<&'static str, Error> {
        let object = comment.object.as_deref().ok_or(Error::Unfollowed("definition"))?;
        let (words, column) = match ObjectType::try_from(comment.objtype) {
            Ok(ObjectType::ObjectColumn) => ("COMMENT ON COLUMN", true),
            Ok(ObjectType::ObjectTable) => ("COMMENT ON TABLE", false),
            _ => return Err(Error::Unfollowed("definition")),
        };
        self.tables.push(named(object, column)?);
        Ok(words)
    }

    /// A table that is named as such, one of those that stay.
    pub(super) fn table(&mut self, var: Option<&RangeVar>) -> Result<(), Error> {
        let var = var.ok_or(Error::Unfollowed("definition"))?;
        let plain = RangeVar {
            schemaname: var.schemaname.clone(),
            relname: var.relname.clone(),
            relpersistence: if var.relpersistence == "u" { "u" } else { "p" }.into(),
            inh: true,
            location: var.location,
            ..RangeVar::default()
        };
        only(var, &plain, "TEMPORARY, ONLY or the name of a database")?;
        let schema = (!var.schemaname.is_empty()).then(|| var.schemaname.clone());
        self.tables.push(Named { schema, name: var.relname.clone() });
        Ok(())
    }

    /// An expression of few kinds of pieces, all of whose columns are named alone.
    pub(super) fn expression(&mut self, node: &Node) -> Result<(), Error> {
        if !columns::is_simple(node) {
            return fancy("an expression of more than columns, constants, operators and calls");
        }
        self.pieces.push(node.clone());
        Ok(())
    }

    pub(super) fn maybe(&mut self, node: Option<&Node>) -> Result<(), Error> {
        node.map_or(Ok(()), |node| self.expression(node))
    }
}

/// `RESTRICT`, said or not; `CASCADE` reaches what is not named.
fn restrict(behavior: i32) -> Result<i32, Error> {
    if behavior == i32::from(DropBehavior::DropCascade) {
        return fancy("CASCADE");
    }
    Ok(behavior)
}

/// A name of one or two parts, with a column's name after it if `column`.
fn named(object: &Node, column: bool) -> Result<Named, Error> {
    let NodeEnum::List(list) = inside(Some(object))? else {
        return Err(Error::Unfollowed("name"));
    };
    let mut parts = Vec::new();
    for part in &list.items {
        match inside(Some(part))? {
            NodeEnum::String(part) => parts.push(part.sval.clone()),
            _ => return Err(Error::Unfollowed("name")),
        }
    }
    let whole = parts.join(".");
    if column {
        parts.pop();
    }
    match <[String; 1]>::try_from(parts) {
        Ok([name]) => Ok(Named { schema: None, name }),
        Err(parts) => match <[String; 2]>::try_from(parts) {
            Ok([schema, name]) => Ok(Named { schema: Some(schema), name }),
            Err(_) => Err(Error::Parts(whole)),
        },
    }
}
