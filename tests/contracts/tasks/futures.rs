//! The contract of every future, kept by the two of this chapter.

use polling::yield_now;
use tasks::promise;
use wakers::phone;
use workbook_tests::harness::Contract;

use crate::executor;

#[test]
fn a_join_handle_keeps_the_contract() {
    Contract::new(|| {
        let mut executor = executor();
        let (caller, phone) = phone();
        let handle = executor.spawn(phone);
        let complete = move || {
            caller.say(7);
            executor.run_until_complete(async {
                yield_now().await;
                yield_now().await;
            });
        };
        (handle.into_future(), complete)
    })
    .gives(Some(7))
    .check();
}

#[test]
fn a_promise_keeps_the_contract() {
    Contract::new(|| {
        let promise = promise();
        let keeper = promise.clone();
        (promise.into_future(), move || keeper.set(7).unwrap())
    })
    .gives(7)
    .check();
}

#[test]
fn clones_of_a_promise_do_not_take_each_others_place() {
    Contract::new(|| {
        let promise = promise();
        let (keeper, other) = (promise.clone(), promise.clone());
        let complete = move || {
            // Awaited by somebody else, who then goes away.
            let mut executor = executor();
            let _other = executor.spawn(other.into_future());
            executor.run_until_complete(yield_now());
            drop(executor);
            keeper.set(7).unwrap();
        };
        (promise.into_future(), complete)
    })
    .gives(7)
    .check();
}
