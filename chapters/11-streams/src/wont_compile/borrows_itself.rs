//! A future that borrows a field of its struct, kept in another field of that struct.

use std::pin::Pin;

pub struct Phone;

impl Phone {
    async fn fetch_data(&mut self) -> Option<&'static str> {
        Some("Mill Lane")
    }
}

pub struct Orders {
    phone: Phone,
    fetching: Option<Pin<Box<dyn Future<Output = Option<&'static str>>>>>,
}

impl Orders {
    pub fn begin(&mut self) {
        self.fetching = Some(Box::pin(self.phone.fetch_data()));
    }
}
