//! Constants of the curve.

/// The d of RFC 8032 §5.1.
pub(super) const D: [u64; 4] =
    [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

/// Twice that, modulo p.
pub(crate) const TWICE_D: [u64; 4] =
    [0xebd6_9b94_26b2_f159, 0x00e0_149a_8283_b156, 0x198e_80f2_eef3_d130, 0x2406_d9dc_56df_fce7];
/// Half of d, and 1/8.
pub(crate) const HALF_D: [u64; 4] =
    [0xbaf5_a6e5_09ac_bc48, 0x0038_0526_a0a0_ec55, 0xc663_a03c_bbbc_f44c, 0x6901_b677_15b7_ff39];
pub(crate) const EIGHTH: [u64; 4] =
    [0xffff_ffff_ffff_fff9, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x2fff_ffff_ffff_ffff];
