//! The curves.

use crate::field::{
    Modulus, P256Base, P256Order, P384Base, P384Order, P521Base, P521Order, Secp256k1Base, Secp256k1Order,
};

/// A curve y² = x³ + ax + b of prime order over a prime field.
pub(crate) trait Curve<const N: usize>: Copy + Send + Sync + 'static {
    type Base: Modulus<N>;
    type Order: Modulus<N>;
    /// a, which is -3 or 0.
    const A: i8;
    const B: [u64; N];
    /// The base point's coordinates.
    const GENERATOR: [[u64; N]; 2];
}

/// SP 800-186 §3.2.1.3
#[derive(Clone, Copy, Debug)]
pub(crate) struct P256;

impl Curve<4> for P256 {
    type Base = P256Base;
    type Order = P256Order;
    const A: i8 = -3;
    const B: [u64; 4] =
        [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7];
    const GENERATOR: [[u64; 4]; 2] = [
        [0xf4a1_3945_d898_c296, 0x7703_7d81_2deb_33a0, 0xf8bc_e6e5_63a4_40f2, 0x6b17_d1f2_e12c_4247],
        [0xcbb6_4068_37bf_51f5, 0x2bce_3357_6b31_5ece, 0x8ee7_eb4a_7c0f_9e16, 0x4fe3_42e2_fe1a_7f9b],
    ];
}

/// SP 800-186 §3.2.1.4
#[derive(Clone, Copy, Debug)]
pub(crate) struct P384;

impl Curve<6> for P384 {
    type Base = P384Base;
    type Order = P384Order;
    const A: i8 = -3;
    const B: [u64; 6] = [
        0x2a85_c8ed_d3ec_2aef,
        0xc656_398d_8a2e_d19d,
        0x0314_088f_5013_875a,
        0x181d_9c6e_fe81_4112,
        0x988e_056b_e3f8_2d19,
        0xb331_2fa7_e23e_e7e4,
    ];
    const GENERATOR: [[u64; 6]; 2] = [
        [
            0x3a54_5e38_7276_0ab7,
            0x5502_f25d_bf55_296c,
            0x59f7_41e0_8254_2a38,
            0x6e1d_3b62_8ba7_9b98,
            0x8eb1_c71e_f320_ad74,
            0xaa87_ca22_be8b_0537,
        ],
        [
            0x7a43_1d7c_90ea_0e5f,
            0x0a60_b1ce_1d7e_819d,
            0xe9da_3113_b5f0_b8c0,
            0xf8f4_1dbd_289a_147c,
            0x5d9e_98bf_9292_dc29,
            0x3617_de4a_9626_2c6f,
        ],
    ];
}

/// SP 800-186 §3.2.1.5
#[derive(Clone, Copy, Debug)]
pub(crate) struct P521;

impl Curve<9> for P521 {
    type Base = P521Base;
    type Order = P521Order;
    const A: i8 = -3;
    const B: [u64; 9] = [
        0xef45_1fd4_6b50_3f00,
        0x3573_df88_3d2c_34f1,
        0x1652_c0bd_3bb1_bf07,
        0x5619_3951_ec7e_937b,
        0xb8b4_8991_8ef1_09e1,
        0xa2da_725b_99b3_15f3,
        0x929a_21a0_b685_40ee,
        0x953e_b961_8e1c_9a1f,
        0x051,
    ];
    const GENERATOR: [[u64; 9]; 2] = [
        [
            0xf97e_7e31_c2e5_bd66,
            0x3348_b3c1_856a_429b,
            0xfe1d_c127_a2ff_a8de,
            0xa14b_5e77_efe7_5928,
            0xf828_af60_6b4d_3dba,
            0x9c64_8139_053f_b521,
            0x9e3e_cb66_2395_b442,
            0x858e_06b7_0404_e9cd,
            0x0c6,
        ],
        [
            0x88be_9476_9fd1_6650,
            0x353c_7086_a272_c240,
            0xc550_b901_3fad_0761,
            0x97ee_7299_5ef4_2640,
            0x17af_bd17_273e_662c,
            0x98f5_4449_579b_4468,
            0x5c8a_5fb4_2c7d_1bd9,
            0x3929_6a78_9a3b_c004,
            0x118,
        ],
    ];
}

/// SEC 2 §2.4.1
#[derive(Clone, Copy, Debug)]
pub(crate) struct Secp256k1;

impl Curve<4> for Secp256k1 {
    type Base = Secp256k1Base;
    type Order = Secp256k1Order;
    const A: i8 = 0;
    const B: [u64; 4] = [7, 0, 0, 0];
    const GENERATOR: [[u64; 4]; 2] = [
        [0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac],
        [0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465],
    ];
}
