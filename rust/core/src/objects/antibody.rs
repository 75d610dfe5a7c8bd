//! Antibody: a heavy chain, a light chain, or both, cut into framework and CDR regions.

use crate::object_type::ObjectType;
use crate::objects::protein::Residue;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<AntibodyS>");
pub(crate) const CLOSE: u16 = token("<AntibodyE>");
const HEAVY: u16 = token("<Heavy>");
const LIGHTS: [u16; 3] = [token("<Light>"), token("<Kappa>"), token("<Lambda>")];
const REGIONS: [u16; 7] = [
    token("<FR1>"),
    token("<CDR1>"),
    token("<FR2>"),
    token("<CDR2>"),
    token("<FR3>"),
    token("<CDR3>"),
    token("<FR4>"),
];
const CONSTANT: u16 = token("<Constant>");

/// One or two chains of residues, or of residues with holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Chains<R> {
    /// The heavy chain.
    pub heavy: Option<Variable<R>>,
    /// The light chain, with its locus.
    pub light: Option<(Light, Variable<R>)>,
}

/// A complete antibody.
pub type Antibody = Chains<Residue>;

/// Which light chain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// A light chain of unknown locus.
    Unknown = 0,
    /// A kappa chain.
    Kappa = 1,
    /// A lambda chain.
    Lambda = 2,
}

/// ```ebnf
/// antibody     = "<AntibodyS>" ( heavy light? | light ) "<AntibodyE>" ;
/// heavy        = "<Heavy>" variable ;
/// light        = ( "<Light>" | "<Kappa>" | "<Lambda>" ) variable ;
/// ```
impl<R: Production> Production for Chains<R> {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        if self.heavy.is_none() && self.light.is_none() {
            out.refuse("an antibody has a heavy chain, a light chain, or both");
        }
        if let Some(variable) = &self.heavy {
            out.token(HEAVY);
            out.one(variable);
        }
        if let Some((light, variable)) = &self.light {
            out.token(LIGHTS[*light as usize]);
            out.one(variable);
        }
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let heavy = from.take_if(HEAVY).then(|| from.one());
        let light = if from.take_if(CLOSE) {
            None
        } else {
            let light = match from.take() - LIGHTS[0] {
                0 => Light::Unknown,
                1 => Light::Kappa,
                _ => Light::Lambda,
            };
            let variable = from.one();
            from.take();
            Some((light, variable))
        };
        Chains { heavy, light }
    }
}

impl ObjectType for Antibody {
    const WRITES_SENTENCES: bool = true;
}

/// A variable domain and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable<R> {
    /// FR1, CDR1, FR2, CDR2, FR3, CDR3, FR4.
    pub regions: [Vec<R>; 7],
    /// The constant domains, or whatever follows FR4.
    pub constant: Option<Vec<R>>,
}

/// ```ebnf
/// variable     = "<FR1>" residue* "<CDR1>" residue* "<FR2>" residue* "<CDR2>" residue* "<FR3>" residue* "<CDR3>" residue* "<FR4>" residue* constant? ;
/// constant     = "<Constant>" residue* ;
/// ```
impl<R: Production> Production for Variable<R> {
    const FIRST: First = First(&[(REGIONS[0], REGIONS[0])]);

    fn write(&self, out: &mut Writer) {
        for (tag, region) in REGIONS.into_iter().zip(&self.regions) {
            out.token(tag);
            out.many(region);
        }
        if let Some(constant) = &self.constant {
            out.token(CONSTANT);
            out.many(constant);
        }
    }

    fn build(from: &mut Builder) -> Self {
        let mut regions = [const { Vec::new() }; 7];
        for region in &mut regions {
            from.take();
            *region = from.many();
        }
        let constant = from.take_if(CONSTANT).then(|| from.many());
        Variable { regions, constant }
    }
}
