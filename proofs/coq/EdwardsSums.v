(* The additions of Ed25519, which are those of Code.v, and sums of them: right for all points of the
   curve (Edwards.v). *)
From Coq Require Import List ZArith Permutation Ring Field.
From Proofs Require Code Multiples Edwards.
Import ListNotations.

Section Curve.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated inverse : K -> K).
Variable divided : K -> K -> K.
Variables d i : K.

Notation "x + y" := (plus x y).
Notation "x * y" := (times x y).
Notation "x - y" := (minus x y).
Notation "- x" := (negated x).
Notation "x / y" := (divided x y).
Notation "0" := zero.
Notation "1" := one.

Hypothesis theory : field_theory zero one plus times minus negated divided inverse (@eq K).
Hypothesis equal_or_not : forall x y : K, x = y \/ x <> y.
Hypothesis two_is_not_zero : 1 + 1 <> 0.
Hypothesis i_squared : i * i = - (1).
Hypothesis d_is_no_square : forall x, x * x <> d.

Add Field K_field : theory.

Notation point := (Edwards.point K one plus times minus d).
Notation x_of := (Edwards.x_of K one plus times minus d).
Notation y_of := (Edwards.y_of K one plus times minus d).
Notation is_point := (Edwards.is_point K one plus times minus d).
Notation neutral := (Edwards.neutral K zero one plus times minus negated inverse divided d theory).
Notation opposite := (Edwards.opposite K zero one plus times minus negated inverse divided d theory).
Notation curve_has lemma := (lemma K zero one plus times minus negated inverse divided d i theory equal_or_not two_is_not_zero i_squared d_is_no_square).
Notation sum := (curve_has Edwards.sum).
Notation addition_is_complete := (curve_has Edwards.addition_is_complete).
Notation sum_is_commutative := (curve_has Edwards.sum_is_commutative).
Notation neutral_is_neutral := (curve_has Edwards.neutral_is_neutral).
Notation sum_is_associative := (curve_has Edwards.sum_is_associative).
Notation opposite_is_inverse := (curve_has Edwards.opposite_is_inverse).
Notation product_not_zero := (Edwards.product_not_zero K zero one plus times minus negated inverse divided theory).
Notation one_is_not_zero := (Edwards.one_is_not_zero K zero one plus times minus negated inverse divided theory).

(* --- The code's functions. *)

Notation extended := (K * K * K * K)%type.

Definition ed_plus := Code.ed_plus K plus minus times.
Definition ed_lanes_plus := Code.ed_lanes_plus K plus minus times.
Definition ed_lanes_minus := Code.ed_lanes_minus K plus minus times.
Definition ed_lanes_plus_point := Code.ed_lanes_plus_point K plus minus times d.

(* (X/Z, Y/Z) is the point, and T = XY/Z. *)
Definition stands_for (J : extended) (P : point) : Prop :=
  let '(X, Y, Z, T) := J in Z <> 0 /\ X = x_of P * Z /\ Y = y_of P * Z /\ T = x_of P * y_of P * Z.

(* y + x, y - x and 2dxy of a point. *)
Definition is_row (sum difference product : K) (P : point) : Prop :=
  sum = y_of P + x_of P /\ difference = y_of P - x_of P /\ product = d * x_of P * y_of P + d * x_of P * y_of P.

Theorem ed_plus_is_sum : forall J P s m p Q, stands_for J P -> is_row s m p Q ->
  let '(X, Y, Z, T) := J in stands_for (ed_plus X Y Z T s m p) (sum P Q).
Proof.
  intros [[[X Y] Z] T] P s m p Q (NZ & EX & EY & ET) (Es & Em & Ep).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point Q)) as [N N'].
  destruct P as [x1 y1 C1], Q as [x2 y2 C2]; cbn in *; subst.
  unfold ed_plus, Code.ed_plus, Edwards.x_of_sum, Edwards.y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N')
    (product_not_zero _ _ (product_not_zero _ _ two_is_not_zero NZ) (product_not_zero _ _ two_is_not_zero NZ))).
  rewrite <- E; ring.
Qed.

Theorem ed_doubled_is_double : forall J P, stands_for J P ->
  let '(X, Y, Z, T) := J in stands_for (Code.ed_doubled K plus minus times negated X Y Z) (sum P P).
Proof.
  intros [[[X Y] Z] T] P (NZ & EX & EY & ET).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P)) as [N N'].
  destruct P as [x y C]; cbn in *; subst. unfold Code.ed_doubled, Edwards.x_of_sum, Edwards.y_of_sum; cbv zeta.
  replace (y * Z * (y * Z) - x * Z * (x * Z)) with (Z * Z * (1 + d * (x * x * (y * y))))
    by (rewrite <- C; ring).
  replace (Z * Z * (1 + d * (x * x * (y * y))) - (Z * Z + Z * Z)) with (- (Z * Z * (1 - d * (x * x * (y * y)))))
    by ring.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ NZ NZ).
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ NN N) (product_not_zero _ _ NN N')).
  transitivity (- (- (Z * Z * (1 - d * (x * x * (y * y)))) * (Z * Z * (1 + d * (x * x * (y * y)))))); [ring | rewrite E; ring].
Qed.

Theorem ed_lanes_plus_is_ed_plus : ed_lanes_plus = ed_plus.
Proof. reflexivity. Qed.

Theorem ed_lanes_minus_is_difference : forall J P s m p Q, stands_for J P -> is_row s m p Q ->
  let '(X, Y, Z, T) := J in stands_for (ed_lanes_minus X Y Z T s m p) (sum P (opposite Q)).
Proof.
  intros [[[X Y] Z] T] P s m p Q (NZ & EX & EY & ET) (Es & Em & Ep).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point (opposite Q))) as [N N'].
  destruct P as [x1 y1 C1], Q as [x2 y2 C2]; cbn in *; subst.
  unfold ed_lanes_minus, Code.ed_lanes_minus, Edwards.x_of_sum, Edwards.y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N')
    (product_not_zero _ _ (product_not_zero _ _ two_is_not_zero NZ) (product_not_zero _ _ two_is_not_zero NZ))).
  rewrite <- E; ring.
Qed.

Theorem ed_lanes_plus_point_is_sum : forall J P J' P', stands_for J P -> stands_for J' P' ->
  let '(X, Y, Z, T) := J in let '(X', Y', Z', T') := J' in
  stands_for (ed_lanes_plus_point X Y Z T X' Y' Z' T') (sum P P').
Proof.
  intros [[[X Y] Z] T] P [[[X' Y'] Z'] T'] P' (NZ & EX & EY & ET) (NZ' & EX' & EY' & ET').
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P')) as [N N'].
  destruct P as [x1 y1 C1], P' as [x2 y2 C2]; cbn in *; subst.
  unfold ed_lanes_plus_point, Code.ed_lanes_plus_point, Edwards.x_of_sum, Edwards.y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ two_is_not_zero (product_not_zero _ _ NZ NZ')).
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N') (product_not_zero _ _ NN NN)).
  rewrite <- E; ring.
Qed.

Theorem ed_lanes_doubled_is_double : forall J P, stands_for J P ->
  let '(X, Y, Z, T) := J in stands_for (Code.ed_lanes_doubled K plus minus times X Y Z) (sum P P).
Proof.
  intros [[[X Y] Z] T] P (NZ & EX & EY & ET).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P)) as [N N'].
  destruct P as [x y C]; cbn in *; subst. unfold Code.ed_lanes_doubled, Edwards.x_of_sum, Edwards.y_of_sum; cbv zeta.
  replace (y * Z * (y * Z) - x * Z * (x * Z)) with (Z * Z * (1 + d * (x * x * (y * y))))
    by (rewrite <- C; ring).
  replace (Z * Z + Z * Z + x * Z * (x * Z) - y * Z * (y * Z)) with (Z * Z * (1 - d * (x * x * (y * y))))
    by (transitivity (Z * Z + Z * Z - Z * Z * (y * y - x * x)); [rewrite C; ring | ring]).
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ NZ NZ).
  exact (product_not_zero _ _ (product_not_zero _ _ NN N') (product_not_zero _ _ NN N)).
Qed.

Theorem ed_lanes_affine_stands : forall P, stands_for (Code.ed_lanes_affine K one times (x_of P) (y_of P)) P.
Proof. intros P; repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_lanes_addend_is_row : forall P,
  let '(s, m, p) := Code.ed_lanes_addend K plus minus times d (x_of P) (y_of P) in is_row s m p P.
Proof. intros P; repeat apply conj; cbn; ring. Qed.

Theorem ed_lanes_identity_is_neutral : Code.ed_lanes_identity = Code.ed_neutral.
Proof. reflexivity. Qed.

Theorem ed_of_affine_stands : forall P, stands_for (Code.ed_of_affine K one times (x_of P) (y_of P)) P.
Proof. intros P; repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_niels_is_row : forall P,
  let '(s, m, p) := Code.ed_niels K plus minus times d (x_of P) (y_of P) in is_row s m p P.
Proof. intros P; repeat apply conj; cbn; ring. Qed.

Theorem ed_neutral_stands : stands_for (Code.ed_neutral K zero one) neutral.
Proof. repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_turned_is_opposite : forall s m p P, is_row s m p P ->
  let '(s', m', p') := Code.ed_turned K zero minus s m p in is_row s' m' p' (opposite P).
Proof. intros s m p P (Es & Em & Ep); subst; repeat apply conj; cbn; ring. Qed.

Theorem ed_negated_is_opposite : forall P, 
  let '(x, y) := Code.ed_negated K negated (x_of P) (y_of P) in x = x_of (opposite P) /\ y = y_of (opposite P).
Proof. intros P; split; reflexivity. Qed.

Theorem ed_is_on_curve : forall x y,
  Code.ed_is_on_curve K one plus minus times d x y <-> exists P, x_of P = x /\ y_of P = y.
Proof.
  intros x y; split.
  - intros C. exists (Edwards.Build_point K one plus times minus d x y C); split; reflexivity.
  - intros ([x' y' C] & <- & <-); exact C.
Qed.

(* --- The test of rows, whose numbers are all times a scale. *)

Definition is_stored (scale s m p : K) (P : point) : Prop :=
  s = (y_of P + x_of P) * scale /\ m = (y_of P - x_of P) * scale /\
  p = (d * x_of P * y_of P + d * x_of P * y_of P) * scale.

(* With R·r = 1 and 8·2^253 = R = 2^256, the code's numbers are what they should be. *)
Theorem ed_scale_is_right : forall r R E, R * r = 1 ->
  (1 + 1) * ((1 + 1) * (1 + 1)) * E = R ->
  let '(scale, inverse, twice_d, eighth) := Code.ed_scale K plus times d r R E in
  scale = r /\ scale * inverse = 1 /\ twice_d = (d + d) * inverse /\ (1 + 1) * ((1 + 1) * (1 + 1)) * eighth = 1.
Proof.
  intros r R E ER EE. cbn. repeat apply conj; [reflexivity | | reflexivity | ].
  - etransitivity; [ | exact ER]; ring.
  - transitivity ((1 + 1) * ((1 + 1) * (1 + 1)) * E * r); [ring | rewrite EE; exact ER].
Qed.

Theorem ed_stored_is_stored : forall scale unscale P, scale * unscale = 1 ->
  let '(s, m, p) := Code.ed_stored K plus minus times ((d + d) * unscale) (x_of P * scale) (y_of P * scale) in
  is_stored scale s m p P.
Proof.
  intros scale unscale [x y C] E. cbn. repeat apply conj; cbn; [ring | ring | ].
  transitivity ((d * x * y + d * x * y) * scale * (scale * unscale)); [ring | rewrite E; ring].
Qed.

Theorem ed_is_sum_tells_sum : forall scale unscale eighth s m p P s' m' p' Q S D T,
  scale * unscale = 1 -> (1 + 1) * ((1 + 1) * (1 + 1)) * eighth = 1 ->
  is_stored scale s m p P -> is_stored scale s' m' p' Q ->
  let '(sum', difference', half_xy') := Code.ed_summand K plus minus times unscale eighth s' m' in
  Code.ed_is_sum K plus minus times ((d + d) * unscale) S D T s m p sum' difference' half_xy' ->
  is_stored scale S D T (sum P Q).
Proof.
  intros scale unscale eighth s m p P s' m' p' Q S D T EI E8 (Es & Em & Ep) (Es' & Em' & Ep').
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point Q)) as [N N'].
  destruct P as [x y C], Q as [x' y' C']; cbn in *.
  unfold Code.ed_is_sum; cbv zeta; intros (E1 & E2 & E3).
  assert (Nscale : scale <> 0) by (intros Z; apply one_is_not_zero; transitivity (scale * unscale); [symmetry; exact EI | rewrite Z; ring]).
  assert (N8 : (1 + 1) * ((1 + 1) * (1 + 1)) <> 0)
    by (exact (product_not_zero _ _ two_is_not_zero (product_not_zero _ _ two_is_not_zero two_is_not_zero))).
  assert (I : unscale = 1 / scale).
  { transitivity (scale * unscale / scale); [field; exact Nscale | rewrite EI; reflexivity]. }
  assert (I8 : eighth = 1 / ((1 + 1) * ((1 + 1) * (1 + 1)))).
  { transitivity ((1 + 1) * ((1 + 1) * (1 + 1)) * eighth / ((1 + 1) * ((1 + 1) * (1 + 1))));
      [field; repeat split; first [exact N8 | exact two_is_not_zero] | rewrite E8; reflexivity]. }
  set (k := d * (x * x' * (y * y'))) in *.
  assert (K1 : p * ((s' * unscale + m' * unscale) * (s' * unscale - m' * unscale) * eighth * unscale) = k).
  { subst p s' m' unscale eighth; unfold k. field; repeat split; first [exact N8 | exact two_is_not_zero | exact Nscale]. }
  rewrite K1 in E1, E2.
  assert (Es2 : s' * unscale = y' + x') by (subst s' unscale; field; exact Nscale).
  assert (Em2 : m' * unscale = y' - x') by (subst m' unscale; field; exact Nscale).
  rewrite Es2 in E1. rewrite Em2 in E2. rewrite Es in E1. rewrite Em in E2.
  assert (EM : S - D = ((1 + 1) * ((x * y' + x' * y) * scale)) / (1 + k)).
  { transitivity ((S - D * k - (D - S * k)) / (1 + k)); [field; exact N | rewrite E1, E2; field; exact N]. }
  assert (EP : S + D = ((1 + 1) * ((y * y' + x * x') * scale)) / (1 - k)).
  { transitivity ((S - D * k + (D - S * k)) / (1 - k)); [field; exact N' | rewrite E1, E2; field; exact N']. }
  repeat apply conj; cbn; unfold Edwards.x_of_sum, Edwards.y_of_sum; fold k.
  - transitivity ((S + D + (S - D)) / (1 + 1)); [field; exact two_is_not_zero | ].
    rewrite EP, EM. field; repeat split; first [assumption | exact two_is_not_zero].
  - transitivity ((S + D - (S - D)) / (1 + 1)); [field; exact two_is_not_zero | ].
    rewrite EP, EM. field; repeat split; first [assumption | exact two_is_not_zero].
  - transitivity ((T + T + (T + T)) / ((1 + 1) * (1 + 1)));
      [field; repeat split; first [exact two_is_not_zero | exact (product_not_zero _ _ two_is_not_zero two_is_not_zero)] | ].
    rewrite <- E3, EP, EM, I. field; repeat split;
      first [assumption | exact two_is_not_zero | exact (product_not_zero _ _ two_is_not_zero two_is_not_zero)].
Qed.

(* The same test in lanes, where numbers have no scale. *)
Theorem ed_lanes_is_sum_tells_sum : forall half_d eighth s m p P s' m' p' Q S D T,
  half_d + half_d = d -> (1 + 1) * ((1 + 1) * (1 + 1)) * eighth = 1 -> is_row s m p P -> is_row s' m' p' Q ->
  Code.ed_lanes_is_sum K zero plus minus times half_d eighth S D T s m p s' m' -> is_row S D T (sum P Q).
Proof.
  intros half_d eighth s m p P s' m' p' Q S D T Eh E8 R R' (E1 & E2 & E3).
  assert (O : 1 * 1 = 1) by ring.
  assert (stored : forall s m p P, is_row s m p P -> is_stored 1 s m p P).
  { intros ? ? ? ? (A & B & C). repeat apply conj; [rewrite A | rewrite B | rewrite C]; ring. }
  assert (same : forall x y, x - y = 0 -> x = y).
  { intros x y E. transitivity (x - y + y); [ring | rewrite E; ring]. }
  apply same in E1, E2, E3.
  assert (H := ed_is_sum_tells_sum 1 1 eighth s m p P s' m' p' Q S D T O E8 (stored _ _ _ _ R) (stored _ _ _ _ R')).
  unfold Code.ed_summand in H; cbv zeta in H.
  destruct H as (A & B & C).
  - unfold Code.ed_is_sum; cbv zeta. repeat apply conj.
    + rewrite <- E1; ring.
    + rewrite <- E2; ring.
    + rewrite <- E3, <- Eh; ring.
  - repeat apply conj; [rewrite A | rewrite B | rewrite C]; ring.
Qed.

(* --- Any order of additions. *)

Inductive order : Type :=
  | Neutral
  | Point (x y : K)
  | Plus (before : order) (s m p : K)
  | Turned (before : order) (s m p : K)
  | Minus (before : order) (s m p : K)
  | Both (left right : order)
  | Double (before : order).

Fixpoint computed (t : order) : extended :=
  match t with
  | Neutral => Code.ed_neutral K zero one
  | Point x y => Code.ed_lanes_affine K one times x y
  | Plus t s m p => let '(X, Y, Z, T) := computed t in ed_lanes_plus X Y Z T s m p
  | Turned t s m p =>
      let '(X, Y, Z, T) := computed t in
      let '(s', m', p') := Code.ed_turned K zero minus s m p in ed_plus X Y Z T s' m' p'
  | Minus t s m p => let '(X, Y, Z, T) := computed t in ed_lanes_minus X Y Z T s m p
  | Both t t' =>
      let '(X, Y, Z, T) := computed t in
      let '(X', Y', Z', T') := computed t' in ed_lanes_plus_point X Y Z T X' Y' Z' T'
  | Double t => let '(X, Y, Z, _) := computed t in Code.ed_lanes_doubled K plus minus times X Y Z
  end.

Inductive of_points : order -> list point -> Prop :=
  | of_neutral : of_points Neutral []
  | of_point P : of_points (Point (x_of P) (y_of P)) [P]
  | of_plus t L s m p P : of_points t L -> is_row s m p P -> of_points (Plus t s m p) (L ++ [P])
  | of_turned t L s m p P : of_points t L -> is_row s m p P -> of_points (Turned t s m p) (L ++ [opposite P])
  | of_minus t L s m p P : of_points t L -> is_row s m p P -> of_points (Minus t s m p) (L ++ [opposite P])
  | of_both t L t' L' : of_points t L -> of_points t' L' -> of_points (Both t t') (L ++ L')
  | of_double t L : of_points t L -> of_points (Double t) (L ++ L).

Notation total := (Multiples.total neutral sum).

Lemma total_app : forall L L', total (L ++ L') = sum (total L) (total L').
Proof. exact (Multiples.total_app neutral sum neutral_is_neutral sum_is_associative). Qed.

Lemma total_one : forall P, total [P] = P.
Proof. intros P; cbn. rewrite sum_is_commutative. apply neutral_is_neutral. Qed.

(* Every sum is right, whatever the order and the points. *)
Theorem sum_is_right : forall t L, of_points t L -> stands_for (computed t) (total L).
Proof.
  induction 1 as [ | P | t L s m p P _ IH A | t L s m p P _ IH A | t L s m p P _ IH A | t L t' L' _ IH _ IH' | t L _ IH];
    rewrite ?total_app, ?total_one; cbn [computed].
  - exact ed_neutral_stands.
  - apply ed_lanes_affine_stands.
  - destruct (computed t) as [[[X Y] Z] T].
    rewrite ed_lanes_plus_is_ed_plus. exact (ed_plus_is_sum (X, Y, Z, T) _ _ _ _ _ IH A).
  - destruct (computed t) as [[[X Y] Z] T]. assert (A' := ed_turned_is_opposite _ _ _ _ A).
    destruct (Code.ed_turned K zero minus s m p) as [[s' m'] p'].
    exact (ed_plus_is_sum (X, Y, Z, T) _ _ _ _ _ IH A').
  - destruct (computed t) as [[[X Y] Z] T]. exact (ed_lanes_minus_is_difference (X, Y, Z, T) _ _ _ _ _ IH A).
  - destruct (computed t) as [[[X Y] Z] T], (computed t') as [[[X' Y'] Z'] T'].
    exact (ed_lanes_plus_point_is_sum (X, Y, Z, T) _ (X', Y', Z', T') _ IH IH').
  - destruct (computed t) as [[[X Y] Z] T]. exact (ed_lanes_doubled_is_double (X, Y, Z, T) _ IH).
Qed.

(* The multiples of a key in lanes: each plus the point, made affine by an inverse of its Z. *)
Fixpoint chain (x y s m p : K) (n : nat) : order :=
  match n with O => Point x y | S n => Plus (chain x y s m p n) s m p end.

Theorem multiples_are_right : forall P s m p n own, is_row s m p P ->
  let '(X, Y, Z, _) := computed (chain (x_of P) (y_of P) s m p n) in
  Z * own = 1 ->
  X * own = x_of (Multiples.times_nat neutral sum (S n) P) /\ Y * own = y_of (Multiples.times_nat neutral sum (S n) P).
Proof.
  intros P s m p n own R.
  assert (O : of_points (chain (x_of P) (y_of P) s m p n) (repeat P (S n))).
  { induction n as [ | n IH]; [exact (of_point P) | ].
    change (repeat P (S (S n))) with (P :: repeat P (S n)). rewrite repeat_cons. exact (of_plus _ _ _ _ _ _ IH R). }
  assert (S := sum_is_right _ _ O).
  assert (T : total (repeat P (Datatypes.S n)) = Multiples.times_nat neutral sum (Datatypes.S n) P).
  { generalize (Datatypes.S n). intros k. clear. induction k as [ | k IH]; cbn; [reflexivity | ].
    unfold Multiples.total in IH. rewrite IH. reflexivity. }
  rewrite T in S. destruct (computed (chain (x_of P) (y_of P) s m p n)) as [[[X Y] Z] W]. intros I.
  destruct S as (_ & EX & EY & _). rewrite EX, EY. split.
  - transitivity (x_of (Multiples.times_nat neutral sum (Datatypes.S n) P) * (Z * own)); [ring | rewrite I; ring].
  - transitivity (y_of (Multiples.times_nat neutral sum (Datatypes.S n) P) * (Z * own)); [ring | rewrite I; ring].
Qed.

(* B and A are the points of the tables; each row of the digits is added once. *)
Theorem comb_is_right : forall B A (D E : list Z) order L,
  of_points order L ->
  Permutation L (Multiples.rows_of neutral sum opposite B D ++ Multiples.rows_of neutral sum opposite A E) ->
  stands_for (computed order)
    (sum (Multiples.times neutral sum opposite (Multiples.value D) B)
         (Multiples.times neutral sum opposite (Multiples.value E) A)).
Proof.
  intros B A D E order L O R.
  rewrite <- (Multiples.comb_is_sum sum opposite neutral_is_neutral sum_is_commutative sum_is_associative
    opposite_is_inverse B A D E R).
  exact (sum_is_right _ _ O).
Qed.

End Curve.
