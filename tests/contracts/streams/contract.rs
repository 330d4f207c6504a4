//! The contract of every future, kept by what waits for a stream; and the sends, which only a generator completes.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::FutureExt;
use streams::{Ended, Stream, StreamExt, iter, stream, try_stream, with};
use task_cell::catch_cancel;
use wakers::{Caller, Phone, phone};
use workbook_tests::harness::{Bell, Contract};

use crate::Log;

/// Waits for the next item of what `items` makes of a stream that gives what its caller says.
fn keeps<S, T>(items: impl Fn(Phone<u32>) -> S + 'static, gives: T)
where
    S: Stream<Item = T> + Unpin + 'static,
    T: PartialEq + std::fmt::Debug + 'static,
{
    Contract::new(move || {
        let (caller, phone) = phone();
        let mut items = items(phone);
        let next = async move { items.next().await };
        (next, move || caller.say(7))
    })
    .gives(Some(gives))
    .check();
}

/// A stream of what the phone says.
fn told(phone: Phone<u32>) -> impl Stream<Item = u32> + Unpin + use<> {
    stream(async move |mut yields| {
        if let Some(said) = phone.await {
            yields.send(said).await;
        }
        std::future::pending().await
    })
}

/// One that never gives anything.
fn silent() -> impl Stream<Item = u32> + Unpin {
    stream(async |_| std::future::pending().await)
}

#[test]
fn the_next_of_a_generator_keeps_the_contract() {
    keeps(told, 7);
    keeps(
        |phone| {
            try_stream(async move |mut yields| {
                yields.send(phone.await.ok_or("it rang off")?).await;
                Ok::<_, &str>(())
            })
        },
        Ok(7),
    );
}

#[test]
fn the_next_of_an_adapter_keeps_the_contract() {
    keeps(|phone| told(phone).map(|n| n + 1), 8);
    keeps(|phone| told(phone).filter(|n| n % 2 == 1).take(1), 7);
    keeps(|phone| Box::pin(told(phone).then(async |n| n + 1)), 8);
    keeps(|phone| told(phone).chunks(1), vec![7]);
}

#[test]
fn the_next_of_two_streams_keeps_the_contract() {
    keeps(|phone| told(phone).merge(silent()), 7);
    keeps(|phone| silent().merge(told(phone)), 7);
    keeps(|phone| told(phone).zip(iter([1])), (7, 1));
    keeps(|phone| iter([1]).zip(told(phone)), (1, 7));
}

#[test]
fn the_next_of_those_in_flight_keeps_the_contract() {
    type Riding = Pin<Box<dyn Future<Output = u32>>>;
    let riding = |phone: Phone<u32>| -> [Riding; 3] {
        let never = || std::future::pending().boxed_local();
        [
            async { phone.await.unwrap() }.boxed_local(),
            never(),
            never(),
        ]
    };
    keeps(move |phone| iter(riding(phone)).buffered(2), 7);
    keeps(move |phone| iter(riding(phone)).unordered(2), 7);
    // The stream of the futures is what is waited for.
    keeps(
        |phone| told(phone).map(|n| async move { n }).unordered(2),
        7,
    );
}

#[test]
fn closing_keeps_the_contract() {
    Contract::new(|| {
        let (caller, phone) = phone();
        let mut items = stream(async move |mut yields| {
            if catch_cancel(yields.send(1)).await.is_err() {
                phone.await;
            }
        });
        assert_eq!(items.next().now_or_never(), Some(Some(1)));
        let close = async move { items.close().await };
        (close, move || caller.say(7))
    })
    .check();
}

/// Whose entering or leaving ends when the phone rings.
struct Slow {
    enters: Option<Phone<u32>>,
    leaves: Option<Phone<u32>>,
}

impl streams::Context<&'static str> for Slow {
    type Value = Option<Phone<u32>>;

    async fn enter(self) -> Result<Option<Phone<u32>>, &'static str> {
        if let Some(phone) = self.enters {
            phone.await.ok_or("it rang off")?;
        }
        Ok(self.leaves)
    }

    async fn exit(
        leaves: Option<Phone<u32>>,
        _: Ended<'_, &'static str>,
    ) -> Result<(), &'static str> {
        match leaves {
            Some(phone) => phone.await.map(drop).ok_or("it rang off"),
            None => Ok(()),
        }
    }
}

#[test]
fn a_context_keeps_the_contract_on_its_way_in_inside_and_on_its_way_out() {
    for place in 0..3 {
        Contract::new(move || {
            let (caller, phone): (Caller<u32>, Phone<u32>) = phone();
            let mut phones = [None, None, None];
            phones[place] = Some(phone);
            let [enters, inside, leaves] = phones;
            let future = with(Slow { enters, leaves }, async move |_| {
                if let Some(phone) = inside {
                    phone.await.ok_or("it rang off")?;
                }
                Ok(7)
            });
            (future, move || caller.say(7))
        })
        .gives(Ok(7))
        .check();
    }
}

#[test]
fn a_send_that_is_handed_on_is_reached_by_its_newest_waker() {
    let log = Log::default();
    let mut items = stream(async |mut yields| {
        let mut send = Box::pin(yields.send(1));
        let (first, second) = (Bell::new(), Bell::new());
        for bell in [&first, &second] {
            let waker = bell.waker();
            let polled = send.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        assert_eq!((first.clones(), second.clones()), (0, 1));
        // The stream takes the item here.
        futures::pending!();
        log.note("asked again");
        // And says so, before it polls.
        assert_eq!((first.rings(), second.rings(), second.clones()), (0, 1, 0));
        let waker = second.waker();
        assert!(
            send.as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        );
    });
    let bell = Bell::new();
    let waker = bell.waker();
    let mut poll = |context: &mut Context<'_>| Pin::new(&mut items).poll_next(context);
    let mut context = Context::from_waker(&waker);
    // What it has sent is given, though the body waits for something else, which nobody wakes.
    assert_eq!(poll(&mut context), Poll::Ready(Some(1)));
    assert_eq!(bell.rings(), 0);
    assert!(log.take().is_empty());
    assert_eq!(poll(&mut context), Poll::Ready(None));
    assert_eq!(log.take(), ["asked again"]);
}

#[test]
fn a_send_polled_as_its_body_is_keeps_no_waker() {
    let mut items = stream(async |mut yields| {
        yields.send(1).await;
    });
    let bell = Bell::new();
    let waker = bell.waker();
    let mut context = Context::from_waker(&waker);
    let polled = Pin::new(&mut items).poll_next(&mut context);
    assert_eq!(polled, Poll::Ready(Some(1)));
    assert_eq!((bell.clones(), bell.rings()), (1, 0));
    let polled = Pin::new(&mut items).poll_next(&mut context);
    assert_eq!((polled, bell.rings()), (Poll::Ready(None), 0));
}

#[test]
fn a_waker_that_panics_keeps_no_item_back() {
    struct Broken;
    impl std::task::Wake for Broken {
        fn wake(self: std::sync::Arc<Broken>) {
            panic!("a waker that panics");
        }
    }
    let heard = Rc::new(RefCell::new(Vec::new()));
    let note = Rc::clone(&heard);
    let _hook = wakers::set_panic_hook(Rc::new(move |report| {
        note.borrow_mut().push(report.to_string());
    }));
    let broken = std::task::Waker::from(std::sync::Arc::new(Broken));
    let mut items = stream(async |mut yields| {
        let polled = {
            let send = std::pin::pin!(yields.send(1));
            send.poll(&mut Context::from_waker(&broken))
        };
        assert!(polled.is_pending());
        yields.send(2).await;
    });
    let given = polling::spin_on(async { [items.next().await, items.next().await] });
    assert_eq!(given.output, [Some(1), Some(2)]);
    assert_eq!(*heard.borrow(), ["a waker panicked: a waker that panics"]);
}
