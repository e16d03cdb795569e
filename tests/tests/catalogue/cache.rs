//! Catalogues are remembered, and a target is asked once for many.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use catalogue::Draft;
use credentials::{Armed, Lent};
use masking::Veil;
use request::{Deadline, Later, TargetName};
use targets::{Driver, Error, Estimate, Once, Surveys, catalogue};
use tokio::sync::Notify;

use crate::scene::{LONGEST, Scene, play};

/// A driver that surveys when it is let, and counts.
#[derive(Default)]
struct Counting {
    surveys: AtomicUsize,
    fails: AtomicUsize,
    held: Option<Notify>,
}

impl Driver for Counting {
    fn run<'a>(
        &'a self,
        _: Once,
        _: &'a mut Armed<'_>,
        _: &'a mut Veil,
        _: Duration,
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async { Err(Error::Changed) })
    }

    fn survey<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        _: Duration,
    ) -> Later<'a, Result<Draft, Error>> {
        Box::pin(async {
            self.surveys.fetch_add(1, Ordering::SeqCst);
            if let Some(held) = &self.held {
                held.notified().await;
            }
            if self.fails.load(Ordering::SeqCst) > 0 {
                self.fails.fetch_sub(1, Ordering::SeqCst);
                return Err(Error::Timeout);
            }
            Ok(Draft { schema: lent.target().schema.clone(), ..Draft::default() })
        })
    }

    fn estimate<'a>(
        &'a self,
        _: &'a mut Lent<'_>,
        _: &'a Estimate<'a>,
        _: Duration,
    ) -> Later<'a, Result<u64, Error>> {
        Box::pin(async { Ok(1) })
    }
}

impl Counting {
    fn counted(&self) -> usize {
        self.surveys.load(Ordering::SeqCst)
    }
}

async fn known(
    scene: &Scene,
    driver: &Counting,
    surveys: &Surveys,
    target: &str,
    within: Duration,
) -> Result<Arc<::catalogue::Catalogue>, Error> {
    let permit = scene.permit_for(target);
    catalogue(&permit, &scene.vault, driver, surveys, Deadline::within(within)).await
}

#[test]
fn a_target_is_asked_once_as_long_as_its_catalogue_is_fresh() {
    play("kept", "", async |scene| {
        let (driver, surveys) = (Counting::default(), Surveys::new());
        let first = known(scene, &driver, &surveys, "shop", LONGEST).await.unwrap();
        let second = known(scene, &driver, &surveys, "shop", LONGEST).await.unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(driver.counted(), 1);
        known(scene, &driver, &surveys, "keyed", LONGEST).await.unwrap();
        assert_eq!(driver.counted(), 2, "each target has its own");
        assert!(Surveys::KEEP <= Duration::from_secs(300));
    });
}

#[test]
fn requests_at_once_wait_for_one_survey() {
    play("waiting", "", async |scene| {
        let driver = Counting { held: Some(Notify::new()), ..Counting::default() };
        let surveys = Surveys::new();
        let ask = || known(scene, &driver, &surveys, "shop", LONGEST);
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            driver.held.as_ref().unwrap().notify_one();
        };
        let (one, two, three, ()) = tokio::join!(ask(), ask(), ask(), let_go);
        let (one, two, three) = (one.unwrap(), two.unwrap(), three.unwrap());
        assert!(Arc::ptr_eq(&one, &two) && Arc::ptr_eq(&two, &three));
        assert_eq!(driver.counted(), 1);
    });
}

#[test]
fn whoever_waits_does_so_no_longer_than_there_is_time() {
    play("late", "", async |scene| {
        let driver = Counting { held: Some(Notify::new()), ..Counting::default() };
        let surveys = Surveys::new();
        let short = Duration::from_millis(30);
        let (one, two) = tokio::join!(
            known(scene, &driver, &surveys, "shop", short),
            known(scene, &driver, &surveys, "shop", short)
        );
        assert!(matches!((one, two), (Err(Error::Timeout), Err(Error::Timeout))));
        // Neither left anything behind that the next would wait for.
        driver.held.as_ref().unwrap().notify_one();
        assert!(known(scene, &driver, &surveys, "shop", LONGEST).await.is_ok());
    });
}

#[test]
fn a_survey_that_failed_is_not_remembered() {
    play("failing", "", async |scene| {
        let (driver, surveys) = (Counting::default(), Surveys::new());
        driver.fails.store(1, Ordering::SeqCst);
        assert!(known(scene, &driver, &surveys, "shop", LONGEST).await.is_err());
        assert!(known(scene, &driver, &surveys, "shop", LONGEST).await.is_ok());
        assert_eq!(driver.counted(), 2);
    });
}

#[test]
fn what_was_forgotten_is_asked_for_anew() {
    play("forgetful", "", async |scene| {
        let (driver, surveys) = (Counting::default(), Surveys::new());
        let shop = TargetName::new("shop").unwrap();
        assert!(surveys.older_than(&shop, LONGEST), "there is none yet");
        known(scene, &driver, &surveys, "shop", LONGEST).await.unwrap();
        assert!(!surveys.older_than(&shop, LONGEST));
        assert!(surveys.older_than(&shop, Duration::ZERO));
        // It was read a moment ago, so that doubt changes nothing.
        surveys.doubt(&shop);
        known(scene, &driver, &surveys, "shop", LONGEST).await.unwrap();
        assert_eq!(driver.counted(), 1);
        surveys.forget(&shop);
        assert!(surveys.older_than(&shop, LONGEST));
        known(scene, &driver, &surveys, "shop", LONGEST).await.unwrap();
        assert_eq!(driver.counted(), 2);
    });
}

#[test]
fn a_survey_that_began_before_forgetting_is_not_kept() {
    play("overtaken", "", async |scene| {
        let driver = Counting { held: Some(Notify::new()), ..Counting::default() };
        let surveys = Surveys::new();
        let shop = TargetName::new("shop").unwrap();
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            surveys.forget(&shop);
            driver.held.as_ref().unwrap().notify_one();
        };
        let (first, ()) = tokio::join!(known(scene, &driver, &surveys, "shop", LONGEST), meanwhile);
        assert!(first.is_ok(), "whoever asked has what it asked for");
        assert!(surveys.older_than(&shop, LONGEST), "and nobody else does");
    });
}
