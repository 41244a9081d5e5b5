(* What is proved, and on what: `scripts/prove-coq.sh` wants all of these to be closed
   under the global context, that is, to rest on their hypotheses alone. *)
From Proofs Require Numbers Multiples Recoding Inverses Weierstrass WeierstrassRows WeierstrassSums Edwards
  EdwardsSums Ecdsa Curves P256 P384 P521Factor P521 Secp256k1.

Definition claims := (
  (* Groups: rows, windows, the comb. *)
  @Multiples.rows_are_multiples,
  @Multiples.windows_are_multiples,
  @Multiples.comb_is_sum,
  @Multiples.any_order,
  @Multiples.horner_step,
  @Multiples.multiples_modulo_order,

  (* Digits. *)
  @Recoding.steps_are_all,
  @Recoding.digits_are_the_number,
  @Recoding.digits_are_the_scalar,

  (* Weierstrass curves. *)
  @Weierstrass.plus_affine_is_sum,
  @Weierstrass.lanes_minus_is_difference,
  @Weierstrass.lanes_plus_point_is_sum,
  @Weierstrass.lanes_doubled_minus_3_is_double,
  @Weierstrass.lanes_doubled_0_is_double,
  @Weierstrass.negated_affine_is_opposite,
  @WeierstrassSums.no_zero_on_the_way,
  @WeierstrassSums.sum_is_right,
  @WeierstrassSums.every_sum_is_right,
  @Inverses.shared_inversion,
  @Inverses.own_is_inverse,
  @Inverses.code_makes_own,
  @WeierstrassSums.affine_tree_is_sum,
  @WeierstrassSums.multiples_are_right,
  @WeierstrassRows.along_chord_is_sum,
  @WeierstrassRows.along_tangent_minus_3_is_double,
  @WeierstrassRows.along_tangent_0_is_double,
  @WeierstrassRows.is_sum_of_tells_sum,
  @WeierstrassRows.is_double_of_minus_3_tells_double,
  @WeierstrassRows.is_double_of_0_tells_double,
  @Weierstrass.is_on_curve_minus_3,
  @Weierstrass.is_on_curve_0,
  @WeierstrassSums.comparison_is_right,
  @Ecdsa.accepted_has_x,
  @Ecdsa.accepted_is_signature,
  @Ecdsa.accepted_in_tree_is_signature,
  @Curves.n_times_generator,
  @Curves.n_times_point,
  @Curves.accepted_is_signature,
  @P256.n_times_point,
  @P256.accepted_is_signature,
  @P384.n_times_point,
  @P384.accepted_is_signature,
  @P521Factor.is_prime,
  @P521.n_times_point,
  @P521.accepted_is_signature,
  @Secp256k1.n_times_point,
  @Secp256k1.accepted_is_signature,

  (* The Edwards curve. *)
  @Numbers.p_is_prime,
  @Numbers.minus_one_is_square,
  @Numbers.d_is_no_square,
  @Numbers.twice_d_is_right,
  @Edwards.addition_is_complete,
  @Edwards.sum_is_on_curve,
  @Edwards.sum_is_associative,
  @EdwardsSums.ed_plus_is_sum,
  @EdwardsSums.ed_turned_is_opposite,
  @EdwardsSums.ed_neutral_stands,
  @EdwardsSums.ed_lanes_minus_is_difference,
  @EdwardsSums.ed_lanes_plus_point_is_sum,
  @EdwardsSums.ed_doubled_is_double,
  @EdwardsSums.ed_lanes_doubled_is_double,
  @EdwardsSums.ed_lanes_addend_is_row,
  @EdwardsSums.ed_is_sum_tells_sum,
  @EdwardsSums.ed_stored_is_stored,
  @EdwardsSums.ed_scale_is_right,
  @EdwardsSums.ed_is_on_curve,
  @EdwardsSums.sum_is_right,
  @EdwardsSums.multiples_are_right,
  @EdwardsSums.comb_is_right
).

Print Assumptions claims.
