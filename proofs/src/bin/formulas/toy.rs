//! Small curves, whose points can all be listed, and their groups by the textbook.

pub(crate) type Point = Option<(u32, u32)>;

/// y² = x³ + ax + b modulo p, with all of its points; `None` is infinity.
pub(crate) struct Weierstrass {
    pub(crate) p: u32,
    a: u32,
    pub(crate) b: u32,
    pub(crate) points: Vec<Point>,
}

fn inverse(number: u32, p: u32) -> u32 {
    (1..p).find(|other| number * other % p == 1).expect("only 0 has no inverse")
}

impl Weierstrass {
    /// Returns the curves modulo p with this a, for every b, without the singular ones.
    pub(crate) fn all(p: u32, a: i32) -> impl Iterator<Item = Self> {
        let a = a.rem_euclid(p as i32) as u32;
        (0..p).filter(move |b| !(4 * a * a % p * a + 27 * b * b).is_multiple_of(p)).map(move |b| {
            let is_on = |x: u32, y: u32| y * y % p == (x * x % p * x + a * x + b) % p;
            let pairs = (0..p).flat_map(|x| (0..p).map(move |y| (x, y)));
            let finite = pairs.filter(|(x, y)| is_on(*x, *y)).map(Some);
            Self { p, a, b, points: std::iter::once(None).chain(finite).collect() }
        })
    }

    pub(crate) fn finite(&self) -> impl Iterator<Item = (u32, u32)> {
        self.points.iter().copied().flatten()
    }

    pub(crate) fn opposite(&self, point: Point) -> Point {
        point.map(|(x, y)| (x, (self.p - y) % self.p))
    }

    pub(crate) fn sum(&self, one: Point, other: Point) -> Point {
        let p = self.p;
        let (Some((x1, y1)), Some((x2, y2))) = (one, other) else { return one.or(other) };
        if x1 == x2 && (y1 + y2).is_multiple_of(p) {
            return None;
        }
        let slope = if x1 == x2 {
            (3 * x1 * x1 + self.a) * inverse(2 * y1 % p, p) % p
        } else {
            (y2 + p - y1) * inverse((x2 + p - x1) % p, p) % p
        };
        let x = (slope * slope + 2 * p - x1 - x2) % p;
        Some((x, (slope * (x1 + p - x) + p - y1) % p))
    }

    /// Tells whether (X/Z², Y/Z³) is the point; Z must not be 0.
    pub(crate) fn is(&self, [x, y, z]: [u32; 3], point: Point) -> bool {
        let Some((wanted_x, wanted_y)) = point else { return false };
        let p = self.p;
        assert!(z != 0);
        x == wanted_x * z % p * z % p && y == wanted_y * z % p * z % p * z % p
    }

    /// Returns every X, Y and Z that stand for a point, and all with Z = 0, each with its
    /// point.
    pub(crate) fn triples(&self) -> Vec<([u32; 3], Point)> {
        let p = self.p;
        let finite = self.finite().flat_map(move |(x, y)| {
            (1..p).map(move |z| ([x * z % p * z % p, y * z % p * z % p * z % p, z], Some((x, y))))
        });
        let zeros = (0..p).flat_map(|x| (0..p).map(move |y| ([x, y, 0], None)));
        finite.chain(zeros).collect()
    }
}

/// -x² + y² = 1 + d·x²·y² modulo p, for which -1 is a square and d is not.
pub(crate) struct Edwards {
    pub(crate) p: u32,
    pub(crate) d: u32,
    pub(crate) points: Vec<(u32, u32)>,
}

impl Edwards {
    /// Returns the curves modulo p, for every d that is no square.
    pub(crate) fn all(p: u32) -> impl Iterator<Item = Self> {
        assert_eq!(p % 4, 1, "-1 is a square");
        (1..p).filter(move |d| (1..p).all(|x| x * x % p != *d)).map(move |d| {
            let is_on = |x: u32, y: u32| {
                let (x2, y2) = (x * x % p, y * y % p);
                (y2 + p - x2) % p == (1 + d * x2 % p * y2) % p
            };
            let pairs = (0..p).flat_map(|x| (0..p).map(move |y| (x, y)));
            Self { p, d, points: pairs.filter(|(x, y)| is_on(*x, *y)).collect() }
        })
    }

    pub(crate) fn sum(&self, (x1, y1): (u32, u32), (x2, y2): (u32, u32)) -> (u32, u32) {
        let p = self.p;
        let k = self.d * (x1 * x2 % p) % p * (y1 * y2 % p) % p;
        let x = (x1 * y2 + x2 * y1) % p * inverse((1 + k) % p, p) % p;
        (x, (y1 * y2 + x1 * x2) % p * inverse((1 + p - k) % p, p) % p)
    }
}
