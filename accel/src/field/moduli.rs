//! The moduli: of the fields that the curves are over, and of their orders.

/// An odd number of `N` limbs of 64 bits, the lowest first.
pub(crate) trait Modulus<const N: usize>: Copy + Send + Sync + 'static {
    const VALUE: [u64; N];
}

macro_rules! moduli {
    ($($(#[$doc:meta])* $name:ident: $limbs:literal = $value:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name;

        impl Modulus<$limbs> for $name {
            const VALUE: [u64; $limbs] = $value;
        }
    )*};
}

moduli! {
    /// 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186 §3.2.1.3)
    P256Base: 4 = [0xffff_ffff_ffff_ffff, 0xffff_ffff, 0, 0xffff_ffff_0000_0001];
    P256Order: 4 =
        [0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, 0xffff_ffff_ffff_ffff, 0xffff_ffff_0000_0000];

    /// 2^384 - 2^128 - 2^96 + 2^32 - 1 (SP 800-186 §3.2.1.4)
    P384Base: 6 = [
        0xffff_ffff, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
    ];
    P384Order: 6 = [
        0xecec_196a_ccc5_2973, 0x581a_0db2_48b0_a77a, 0xc763_4d81_f437_2ddf,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
    ];

    /// 2^521 - 1 (SP 800-186 §3.2.1.5)
    P521Base: 9 = [
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x1ff,
    ];
    P521Order: 9 = [
        0xbb6f_b71e_9138_6409, 0x3bb5_c9b8_899c_47ae, 0x7fcc_0148_f709_a5d0,
        0x5186_8783_bf2f_966b, 0xffff_ffff_ffff_fffa, 0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x1ff,
    ];

    /// 2^256 - 2^32 - 977 (SEC 2 §2.4.1)
    Secp256k1Base: 4 =
        [0xffff_fffe_ffff_fc2f, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff];
    Secp256k1Order: 4 =
        [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff];

    /// 2^255 - 19 (RFC 8032 §5.1)
    Ed25519Base: 4 =
        [0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff];
    /// L, the order of the base point (RFC 8032 §5.1)
    Ed25519Order: 4 = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];
}
