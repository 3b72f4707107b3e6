use super::net::{IN, STEPS, far, part};
use super::*;
use crate::model::STATE;

/// A scout whose parameters come from a fixed row of numbers.
fn made_up() -> Scout {
    let mut x = 1u64;
    let net = (0..part::ALL).map(|_| {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((x >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * 0.2
    });
    Scout::new(net.collect())
}

#[test]
fn what_is_written_is_read_back() {
    let scout = made_up();
    let back = Scout::open(&scout.write()).expect("its own file");
    let worst = scout.net.iter().zip(back.net.iter()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-5, "{worst}");
    assert!(Scout::open(b"no such file").is_none());
    assert!(Scout::open(&scout.write()[..100]).is_none());
}

#[test]
fn the_embedded_scout_is_of_this_version() {
    assert!(Scout::embedded().is_some());
}

#[test]
fn each_class_has_a_reading_of_its_own_type() {
    for root in 0..NONE {
        for mutual in [false, true] {
            let rule = reading::rule(root, mutual);
            assert_eq!(class(rule.event), root);
            assert_eq!(rule.reciprocal, mutual);
        }
    }
}

#[test]
fn a_word_reports_one_act_in_all_and_the_same_words_give_the_same_numbers() {
    let scout = made_up();
    let states: Vec<f32> = (0..5 * STATE).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
    let ground = Ground {
        states: &states,
        marks: vec![vec![1, 40], vec![120], vec![], vec![3], vec![200, 32]],
        heads: (0..5).collect(),
    };
    let (sight, again) = (scout.look(&ground), scout.look(&ground));
    for t in 0..5 {
        let sum: f32 = (0..TYPES).map(|root| sight.reports(t, root)).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        let link = Link { act: t, party: 4 - t, root: 3, way: 7 };
        assert_eq!(sight.role(0, link).to_bits(), again.role(0, link).to_bits());
        assert_ne!(sight.role(0, link), sight.role(1, link));
    }
    assert_eq!(IN, STATE + net::OWN);
}

#[test]
fn distance_tells_the_sides_apart() {
    assert_ne!(far(2, 5), far(5, 2));
    assert!((0..60).all(|d| far(d, 30) < STEPS));
}
