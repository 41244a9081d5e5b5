(* The Weierstrass curves: what Ecdsa.v supposes of a curve, proved of each. Its order n is prime, and
   n times every point is infinity, so every point but infinity has the order n.

   The group has at most 2p + 1 points. Since n·G is infinity and n is a prime above a third of
   that, there are n or 2n of them, and there is no point of order 2, for X³ + a·X + b has no
   root. So no bound of Hasse is needed. *)
From Coq Require Import ZArith Znumtheory List Lia Bool Permutation Ring Field.
From Coqprime Require Import GZnZ SMain ZEll EGroup FGroup Euler Zp.
From Proofs Require Code Multiples Products Weierstrass WeierstrassSums Ecdsa.
From Proofs Require Import Residues.
Import ListNotations.

Open Scope Z_scope.

Section Curve.

Variables p n a b x y : Z.
Hypothesis p_is_prime : prime p.
Hypothesis n_is_prime : prime n.

Notation K := (pK p).
Declare Scope field_scope.
Notation "u + v" := (@pkplus p u v) : field_scope.
Notation "u * v" := (@pkmul p u v) : field_scope.
Notation "u - v" := (@pksub p u v) : field_scope.
Notation "u / v" := (@pkdiv p u v) : field_scope.
Delimit Scope field_scope with field.

Add Field K_field : (pKfth p_is_prime).

Notation residue := (Residues.residue p).
Notation are_terms := (Residues.are_terms p).
Notation terms_of_p := (Residues.terms_of_p p).
Notation reduced := (Residues.reduced).

(* --- What a computation finds. *)

Definition is_curve : bool :=
  (3 <? p) && (0 <? n) && (2 * p + 1 <? 3 * n) && Z.odd p && (Z.gcd p (4 * a * a * a + 27 * b * b) =? 1) &&
  (val p (residue y * residue y)%field =? val p (residue x * residue x * residue x + residue a * residue x + residue b)%field).

(* Jacobian coordinates, for any a. *)
Definition doubled_over (T : Set) (plus minus times : T -> T -> T) (a : T) (J : T * T * T) : T * T * T :=
  let '(X, Y, W) := J in
  let XX := times X X in
  let YY := times Y Y in
  let WW := times W W in
  let rise := plus (plus XX (plus XX XX)) (times a (times WW WW)) in
  let S := times X YY in
  let S2 := plus S S in
  let S4 := plus S2 S2 in
  let X' := minus (times rise rise) (plus S4 S4) in
  let Y4 := times YY YY in
  let Y8 := plus Y4 Y4 in
  let Y16 := plus Y8 Y8 in
  let YW := times Y W in
  (X', minus (times rise (minus S4 X')) (plus Y16 Y16), plus YW YW).

Definition plus_over (T : Set) (plus minus times : T -> T -> T) (J : T * T * T) (u v : T) : T * T * T :=
  let '(X, Y, W) := J in Code.plus_affine T plus minus times X Y W u v.

Section Integers.

(* Numbers that stand for the residues of a and of a point's coordinates, and one for 1; `times` multiplies
   what they stand for. *)
Variable times : Z -> Z -> Z.
Variables a' x' y' one : Z.

Fixpoint multiplied (D : list Z) : option (Z * Z * Z) :=
  match D with
  | [] => None
  | digit :: D =>
      match multiplied D with
      | None => match D with [] => if digit =? 1 then Some (x', y', one) else None | _ => None end
      | Some J =>
          let J := doubled_over Z Z.add Z.sub times a' J in
          match digit with
          | 0 => Some J
          | 1 => Some (plus_over Z Z.add Z.sub times J x' y')
          | -1 => Some (plus_over Z Z.add Z.sub times J x' (- y'))
          | _ => None
          end
      end
  end.

End Integers.

(* u·v, reduced by multiples of p. *)
Definition times (s : Z) (terms : list (Z * Z)) (u v : Z) : Z := reduced rounds s terms (Products.product u v).

(* (n - 1)·G is -G. *)
Definition order_is_n : bool :=
  let s := Z.log2_up p in
  let terms := terms_of_p in
  let D := signed false (Z.to_pos (n - 1)) in
  are_terms terms && (binary D =? n - 1) &&
  match multiplied (times s terms) a x y 1 D with
  | Some (X, Y, W) => negb (W mod p =? 0) && ((X - x * (W * W)) mod p =? 0) && ((Y + y * (W * W * W)) mod p =? 0)
  | None => false
  end.

Hypothesis curve : is_curve = true.
Hypothesis order : order_is_n = true.
Variable inverse : Z * Z * Z.
Hypothesis rootless : has_no_root p a b inverse = true.

Lemma facts : 3 < p /\ 0 < n /\ 2 * p + 1 < 3 * n /\ ~ (2 | p) /\ rel_prime p (4 * a * a * a + 27 * b * b) /\
  (residue y * residue y)%field = (residue x * residue x * residue x + residue a * residue x + residue b)%field.
Proof.
  unfold is_curve in curve. rewrite !andb_true_iff, !Z.ltb_lt, !Z.eqb_eq in curve.
  destruct curve as [[[[[P N] H] O] D] C].
  split; [exact P | split; [exact N | split; [exact H | split; [ | split]]]].
  - intros T. apply Zdivide_mod in T. rewrite Zmod_odd, O in T. discriminate T.
  - apply Zgcd_1_rel_prime; exact D.
  - apply same_value; exact C.
Qed.

Lemma not_even : ~ (2 | p).
Proof. exact (proj1 (proj2 (proj2 (proj2 facts)))). Qed.

Lemma not_singular : rel_prime p (4 * a * a * a + 27 * b * b).
Proof. exact (proj1 (proj2 (proj2 (proj2 (proj2 facts))))). Qed.

Definition theory := pell_theory a b not_even not_singular p_is_prime (Z.divide_refl p).
Definition group := pG a b not_even not_singular p_is_prime (Z.divide_refl p).

Notation point := (elt (pkI p) (@pkplus p) (@pkmul p) (pA a p) (pB b p)).
Notation infinity := (inf_elt (pkI p) (@pkplus p) (@pkmul p) (pA a p) (pB b p)).
Notation sum := (add theory).
Notation opposite := (opp theory).
Notation multiple := (Multiples.times infinity sum opposite).

Lemma generator_is_on_curve : pow (pkI p) (@pkmul p) (residue y) 2 =
  (pow (pkI p) (@pkmul p) (residue x) 3 + pA a p * residue x + pB b p)%field.
Proof.
  destruct facts as (_ & _ & _ & _ & _ & C). cbn [pow].
  change (pA a p) with (residue a); change (pB b p) with (residue b). rewrite C; ring.
Qed.

Definition generator : point := curve_elt _ _ _ _ _ (residue x) (residue y) generator_is_on_curve.

Lemma in_group : forall P : point, In P (s group).
Proof. intros P. apply (FELLK_in theory). Qed.

Lemma multiple_is_power : forall (P : point) k, 0 <= k -> multiple k P = gpow P group k.
Proof.
  intros P k N. pattern k; apply natlike_ind; [reflexivity | | exact N].
  clear k N; intros k N E.
  rewrite (Multiples.times_succ sum opposite (add_0_l theory) (add_comm theory) (add_assoc theory) (add_opp theory)), E.
  unfold Z.succ. rewrite (Z.add_comm k 1), (gpow_add _ _ P group (in_group P) 1 k), (gpow_1 _ _ P group (in_group P)) by lia.
  reflexivity.
Qed.

Notation stands_for := (@Weierstrass.stands_for K (pkO p) (pkI p) (@pkplus p) (@pkmul p) (pA a p) (pB b p)).

Notation doubled := (doubled_over K (@pkplus p) (@pksub p) (@pkmul p) (residue a)).
Notation plus := (plus_over K (@pkplus p) (@pksub p) (@pkmul p)).

Lemma two_is_not_zero : (pkI p + pkI p)%field <> pkO p.
Proof. exact theory.(two_not_zero). Qed.

Lemma doubled_is_double : forall J P, stands_for J P -> snd (doubled J) <> pkO p -> stands_for (doubled J) (sum P P).
Proof.
  intros [[X Y] W] P (NW & u & v & H & EP & EX & EY) N; subst P X Y.
  unfold doubled_over in *; cbv zeta in *; cbn [snd] in N.
  assert (Nv : v <> pkO p) by (intros E; apply N; rewrite E; ring).
  destruct (Weierstrass.tangent theory _ H Nv) as (H3 & ->). change (pA a p) with (residue a) in *.
  split; [exact N | do 3 eexists; split; [reflexivity | split; field; repeat split; auto; exact two_is_not_zero]].
Qed.

Lemma doubled_keeps_zero : forall J, snd (doubled J) <> pkO p -> snd J <> pkO p.
Proof. intros [[X Y] W] N E; apply N; cbn [snd] in E; subst W. unfold doubled_over; cbn [snd]; ring. Qed.

Lemma plus_is_sum : forall J P u v Q, stands_for J P -> Weierstrass.is_affine u v Q ->
  snd (plus J u v) <> pkO p -> stands_for (plus J u v) (sum P Q).
Proof. intros [[X Y] W] P u v Q S A N. exact (@Weierstrass.plus_affine_is_sum _ _ _ _ _ _ _ _ _ _ _ _ theory (X, Y, W) P u v Q S A N). Qed.

Lemma plus_keeps_zero : forall J u v, snd (plus J u v) <> pkO p -> snd J <> pkO p.
Proof. intros [[X Y] W] u v N. exact (@Weierstrass.plus_affine_keeps_zero _ _ _ _ _ _ _ _ _ _ _ _ theory X Y W u v N). Qed.

Lemma multiple_plus : forall k l P, multiple (k + l) P = sum (multiple k P) (multiple l P).
Proof. exact (Multiples.times_plus sum opposite (add_0_l theory) (add_comm theory) (add_assoc theory) (add_opp theory)). Qed.

Lemma multiple_one : forall P, multiple 1 P = P.
Proof. intros P. change (sum P infinity = P). apply (add_0_r theory). Qed.

Lemma multiple_minus_one : multiple (-1) generator = opposite generator.
Proof. change (opposite (sum generator infinity) = opposite generator). rewrite (add_0_r theory). reflexivity. Qed.

Lemma generator_is_affine : Weierstrass.is_affine (residue x) (residue y) generator.
Proof. eexists; reflexivity. Qed.

Lemma residue_of_opposite : residue (- y) = pkopp (residue y).
Proof. replace (- y) with (0 - y) by ring. rewrite residue_of_difference. change (residue 0) with (pkO p). ring. Qed.

Lemma opposite_of_generator : Weierstrass.is_affine (residue x) (residue (- y)) (opposite generator).
Proof. rewrite residue_of_opposite. eexists; reflexivity. Qed.

Section Images.

Variable times : Z -> Z -> Z.
Variables a' x' y' one : Z.
Variable image : Z -> K.
Hypothesis image_of_sum : forall u v, image (u + v) = (image u + image v)%field.
Hypothesis image_of_difference : forall u v, image (u - v) = (image u - image v)%field.
Hypothesis image_of_product : forall u v, image (times u v) = (image u * image v)%field.
Hypothesis image_of_a : image a' = residue a.
Hypothesis image_of_x : image x' = residue x.
Hypothesis image_of_y : image y' = residue y.
Hypothesis image_of_one : image one = pkI p.

Definition images (J : Z * Z * Z) : K * K * K := let '(X, Y, W) := J in (image X, image Y, image W).

Ltac images := repeat (rewrite ?image_of_sum, ?image_of_difference, ?image_of_product).

Lemma images_of_doubled : forall J, images (doubled_over Z Z.add Z.sub times a' J) = doubled (images J).
Proof. intros [[X Y] W]. unfold doubled_over; cbv zeta. rewrite <- image_of_a. cbn [images]. images. reflexivity. Qed.

Lemma images_of_plus : forall J u v,
  images (plus_over Z Z.add Z.sub times J u v) = plus (images J) (image u) (image v).
Proof. intros [[X Y] W] u v. unfold plus_over, Code.plus_affine. cbn [images]. images. reflexivity. Qed.

Lemma image_of_opposite : image (- y') = residue (- y).
Proof.
  rewrite residue_of_opposite, <- image_of_y.
  assert (O : image (0 - 0) = (image 0 - image 0)%field) by apply image_of_difference.
  change (0 - 0) with 0 in O. replace (- y') with (0 - y') by ring. rewrite image_of_difference, O. ring.
Qed.

Lemma multiplied_is_multiple : forall D J, multiplied times a' x' y' one D = Some J ->
  snd (images J) <> pkO p -> stands_for (images J) (multiple (binary D) generator).
Proof.
  intros D J. revert J. induction D as [ | digit D IH]; intros J E N; [discriminate E | ].
  cbn [multiplied] in E. cbn [binary fold_right]; fold (binary D).
  destruct (multiplied times a' x' y' one D) as [J' | ].
  2: { destruct D; [ | discriminate E].
    destruct (Z.eqb_spec digit 1) as [-> | ]; [injection E as <- | discriminate E].
    change (binary []) with 0. replace (1 + 2 * 0) with 1 by ring. rewrite multiple_one.
    cbn [images]. rewrite image_of_x, image_of_y, image_of_one.
    exact (Weierstrass.of_affine_stands theory generator_is_affine). }
  specialize (IH J' eq_refl). set (k := binary D) in *; clearbody k.
  set (J2 := doubled_over Z Z.add Z.sub times a' J') in *.
  assert (S : snd (images J2) <> pkO p -> stands_for (images J2) (multiple (2 * k) generator)).
  { unfold J2. rewrite images_of_doubled. intros N2.
    replace (2 * k) with (k + k) by ring. rewrite multiple_plus.
    exact (doubled_is_double _ _ (IH (doubled_keeps_zero _ N2)) N2). }
  rewrite Z.add_comm, multiple_plus.
  destruct digit as [ | [ | | ] | [ | | ]]; try discriminate E; injection E as <-.
  - rewrite (add_0_r theory). exact (S N).
  - rewrite multiple_one. rewrite images_of_plus, image_of_x, image_of_y in *.
    exact (plus_is_sum _ _ _ _ _ (S (plus_keeps_zero _ _ _ N)) generator_is_affine N).
  - rewrite multiple_minus_one. rewrite images_of_plus, image_of_x, image_of_opposite in *.
    exact (plus_is_sum _ _ _ _ _ (S (plus_keeps_zero _ _ _ N)) opposite_of_generator N).
Qed.

End Images.

(* What is -G is one less than a multiple that is infinity. *)
Lemma next_is_infinity : forall k X Y W, stands_for (X, Y, W) (multiple k generator) ->
  (X - residue x * (W * W))%field = pkO p -> (Y + residue y * (W * W * W))%field = pkO p ->
  multiple (k + 1) generator = infinity.
Proof.
  intros k X Y W (N & u & v & H & EP & EX & EY) CX CY. rewrite EX in CX. rewrite EY in CY.
  assert (NN : (W * W)%field <> pkO p) by exact (Weierstrass.product_not_zero theory N N).
  assert (Eu : u = residue x).
  { transitivity ((u * (W * W) - residue x * (W * W)) / (W * W) + residue x)%field;
      [ | rewrite CX]; field; exact N. }
  assert (Ev : v = residue (- y)).
  { rewrite residue_of_opposite.
    transitivity ((v * (W * W * W) + residue y * (W * W * W)) / (W * W * W) - residue y)%field;
      [ | rewrite CY]; field; exact N. }
  rewrite multiple_plus, multiple_one, EP, (add_comm theory).
  destruct opposite_of_generator as [H' EO]. subst u v.
  replace (curve_elt _ _ _ _ _ (residue x) (residue (- y)) H) with (opposite generator); [apply (add_opp theory) | ].
  rewrite EO. apply (curve_elt_irr theory); reflexivity.
Qed.

Lemma residue_of_multiple : forall z, z mod p = 0 -> residue z = pkO p.
Proof. intros z E. apply same_value. rewrite (value_of_zero p p_is_prime). exact E. Qed.

Theorem n_times_generator : multiple n generator = infinity.
Proof.
  unfold order_is_n in order. revert order.
  set (s := Z.log2_up p); set (terms := terms_of_p); set (D := signed false (Z.to_pos (n - 1))); clearbody s terms D.
  rewrite !andb_true_iff, Z.eqb_eq. intros [[T B] C].
  destruct (multiplied (times s terms) a x y 1 D) as [[[X Y] W] | ] eqn:E; [ | discriminate C].
  rewrite !andb_true_iff, negb_true_iff, Z.eqb_neq, !Z.eqb_eq in C. destruct C as [[NW CX] CY].
  assert (N : residue W <> pkO p).
  { intros Z. apply NW. change (W mod p) with (val p (residue W)). rewrite Z; apply (value_of_zero p p_is_prime). }
  assert (M : forall u v, residue (times s terms u v) = (residue u * residue v)%field).
  { intros u v. unfold times. rewrite residue_of_reduced, Products.product_is_product by exact T. apply residue_of_product. }
  assert (S := multiplied_is_multiple (times s terms) a x y 1 residue
    (residue_of_sum p) (residue_of_difference p) M eq_refl eq_refl eq_refl eq_refl D _ E N).
  rewrite B in S. apply residue_of_multiple in CX, CY.
  rewrite residue_of_difference, !residue_of_product in CX. rewrite residue_of_sum, !residue_of_product in CY.
  replace n with (n - 1 + 1) by ring. exact (next_is_infinity _ _ _ _ S CX CY).
Qed.

Lemma no_point_of_order_2 : forall P : point, sum P P = infinity -> P = infinity.
Proof.
  intros [ | u v H] E; [reflexivity | exfalso].
  apply (no_root p a b p_is_prime inverse rootless u).
  assert (V : v = pkO p).
  { revert E. cbn [add]. destruct (Kdec theory u u) as [W | D]; [ | contradiction (D eq_refl)].
    destruct (Kdec theory v (pkopp v)) as [V | W']; [intros _ | discriminate].
    exact (Keq_opp_is_zero theory V). }
  cbn [pow] in H. change (pA a p) with (residue a) in H; change (pB b p) with (residue b) in H.
  transitivity (v * v)%field; [rewrite H; ring | rewrite V; ring].
Qed.

(* Every point, not only the multiples of the generator. *)
Theorem n_times_point : forall Q : point, multiple n Q = infinity.
Proof.
  intros Q. destruct facts as (P & N & H & _).
  assert (G := n_times_generator). rewrite multiple_is_power in G by lia.
  assert (DN : (e_order (ceqb theory) generator group | n)) by (apply e_order_divide_gpow; [apply in_group | lia | exact G]).
  assert (EN : e_order (ceqb theory) generator group = n).
  { destruct (prime_divisors n n_is_prime _ DN) as [E | [E | [E | E]]]; trivial;
      assert (Z := e_order_pos _ (ceqb theory) _ generator group); try lia.
    assert (W := gpow_e_order_is_e _ (ceqb theory) _ generator group (in_group generator)).
    rewrite E, (gpow_1 _ _ generator group (in_group generator)) in W. discriminate W. }
  assert (DG := e_order_divide_g_order _ (ceqb theory) _ generator group (in_group generator)). rewrite EN in DG.
  assert (B : g_order group <= 2 * p + 1) by apply gorder_pG.
  destruct DG as [k EG].
  assert (0 < g_order group) by apply g_order_pos.
  assert (K : k = 1 \/ k = 2) by nia.
  assert (DQ := e_order_divide_g_order _ (ceqb theory) _ Q group (in_group Q)).
  assert (T : gpow Q group (n + n) = infinity).
  { assert (DQ' : (e_order (ceqb theory) Q group | n + n)).
    { destruct K; subst k; rewrite EG in DQ; [apply Z.divide_add_r | replace (n + n) with (2 * n) by lia]; try assumption;
        replace n with (1 * n) by lia; assumption. }
    destruct DQ' as [j EJ]. rewrite EJ, Z.mul_comm.
    assert (Z := e_order_pos _ (ceqb theory) _ Q group).
    rewrite gpow_gpow by (apply in_group || nia).
    rewrite (gpow_e_order_is_e _ (ceqb theory) _ Q group (in_group Q)).
    rewrite gpow_e; [reflexivity | nia]. }
  rewrite (gpow_add _ _ Q group (in_group Q) n n) in T by lia.
  rewrite multiple_is_power by lia. apply no_point_of_order_2; exact T.
Qed.

(* What ECDSA accepts is a signature, on this curve, whatever key Q it is about. *)
Theorem accepted_is_signature : forall (u1 u2 : Z) (Q : point) (D E : list Z) t L (X Y W r : K),
  WeierstrassSums.doubles_are (a = -3) (a = 0) t ->
  (Multiples.value D mod n = u1 mod n)%Z -> (Multiples.value E mod n = u2 mod n)%Z ->
  WeierstrassSums.of_points theory t L ->
  Permutation L (Multiples.rows_of infinity sum opposite generator D ++ Multiples.rows_of infinity sum opposite Q E) ->
  WeierstrassSums.computed (pkO p) (pkI p) (@pkplus p) (@pkmul p) (@pksub p) (@pkopp p) t = (X, Y, W) ->
  W <> pkO p -> X = (r * (W * W))%field ->
  let P := sum (multiple u1 generator) (multiple u2 Q) in
  P <> infinity /\ exists v, Weierstrass.is_affine r v P.
Proof.
  intros u1 u2 Q D E t L X Y W r A ED EE O R C NZ EX.
  assert (A' : WeierstrassSums.doubles_are (pA a p = pkopp (pkI p + pkI p + pkI p)%field) (pA a p = pkO p) t).
  { destruct facts as (P' & _).
    revert A; apply WeierstrassSums.doubles_are_weaker; intros A; apply same_value; rewrite A.
    - unfold pA, pkopp, pkplus, pkI, GZnZ.opp, GZnZ.add, one; cbn [val].
      rewrite (Z.mod_small 1), (Z.mod_small (1 + 1)), (Z.mod_small (1 + 1 + 1)) by lia. reflexivity.
    - reflexivity. }
  refine (Ecdsa.accepted_is_signature _ _ _ _ _ _ _ _ _ _ _ _ theory n u1 u2 generator Q D E t L X Y W r A' _ n_times_generator (n_times_point Q) ED EE O R C NZ EX).
  destruct facts as (_ & N & _); lia.
Qed.

End Curve.
