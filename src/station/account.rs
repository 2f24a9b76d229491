//! The account that is signed in: how it begins and ends, and what its user chooses.

use super::{Claim, Moment, Output, Station};
use crate::entropy::Entropy;
use crate::phone::contacts::Contacts;
use crate::phone::voicemail::Mailbox;
use crate::phone::{Account, Phone, Setting, Settings};
use crate::sip::ua::{Command, Policy};
use crate::sip::wire::Uri;
use crate::sip::{Config, UserAgent};
use std::sync::Arc;
use std::time::Duration;

/// Where the installation's UUID is kept.
const INSTANCE: &str = "webphone.instance";
/// Where the settings of an account are kept, by its address.
const SETTINGS: &str = "webphone.settings.";

/// How long a registration is asked for: short enough that a phone which vanished does not ring
/// in vain for long.
const EXPIRES: Duration = Duration::from_secs(300);
/// How often the server is asked whether it is there. A connection that is dead without saying so is
/// found within this and the 10 s for the answer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

impl Station {
    /// Signs in, for this page alone or until the user signs out.
    pub(super) fn sign_in(
        &mut self,
        moment: Moment,
        account: Account,
        stays: bool,
    ) -> Vec<Command> {
        self.lasting.account = if stays { account.write() } else { String::new() };
        self.claim(Claim::AtOnce);
        // The form has looked whether this browser has secure random numbers.
        self.begin(moment, account, &mut Phone::sign_in)
    }

    /// Has a user agent for this account, once `start` has made the telephone one of its domain.
    pub(super) fn begin(
        &mut self,
        moment: Moment,
        account: Account,
        start: &mut dyn FnMut(&mut Phone, String),
    ) -> Vec<Command> {
        let Some(mut entropy) = (self.ground.entropy)() else { return Vec::new() };
        let address = account.address.to_string();
        let settings = self.kept_settings(&address);
        start(&mut self.phone, account.address.host.to_string());
        self.phone.set_time_of_day(moment.time_of_day);
        self.furnish(moment, &account);
        let (urls, servers) = account.servers.into_iter().unzip();
        let provision = &self.ground.provision;
        let config = Config {
            servers,
            address: account.address,
            display_name: None,
            auth_user: None,
            password: account.password,
            instance: self.instance(&mut *entropy),
            product: concat!("WebPhone/", env!("CARGO_PKG_VERSION")).into(),
            expires: EXPIRES,
            max_calls: settings.max_calls,
            policy: Policy {
                plain_via: provision.plain_via,
                keep_alive: Some(KEEP_ALIVE),
                realms: provision.realms.clone(),
                vouches: provision.vouches,
                ..Policy::default()
            },
        };
        self.phone.set_recording_policy(provision.recording);
        self.end();
        self.account = address;
        let relay_only = settings.relay_only;
        self.outputs.push_back(Output::Begin { servers: urls, relay_only });
        self.ua = Some(UserAgent::new(config, entropy));
        self.clocks.begin(moment);
        let mut commands = self.phone.set_settings(settings);
        commands.push(Command::Connect);
        commands
    }

    /// The user signs out.
    pub(super) fn sign_out(&mut self, moment: Moment) -> Vec<Command> {
        let mut commands = self.phone.sign_out(moment.now);
        self.phone.set_time_of_day(moment.time_of_day);
        self.close_book();
        commands.push(Command::Disconnect);
        commands
    }

    /// The user signs out, and nothing is to be left of the account.
    pub(super) fn forget_account(&mut self, moment: Moment) -> Vec<Command> {
        let book = std::mem::take(&mut self.book);
        let commands = self.sign_out(moment);
        self.ground.store.remove(&[SETTINGS, &self.account].concat());
        self.ground.store.remove(&book);
        self.outputs.push_back(Output::Erase(book));
        commands
    }

    /// The user has chosen something.
    pub(super) fn choose(&mut self, choice: Setting) -> Vec<Command> {
        let mut settings = self.phone.settings().clone();
        settings.choose(&choice);
        if settings == *self.phone.settings() {
            return Vec::new();
        }
        let text = settings.write(&self.ground.provision.settings);
        self.ground.store.set(&[SETTINGS, &self.account].concat(), &text);
        let commands = self.phone.set_settings(settings);
        match choice {
            Setting::RelayOnly(on) => self.outputs.push_back(Output::RelayOnly(on)),
            Setting::Denoise(_) => self.renew_microphone(),
            _ => {}
        }
        commands
    }

    /// What the user of this account has chosen at an earlier visit.
    fn kept_settings(&self, account: &str) -> Settings {
        let kept = self.ground.store.get(&[SETTINGS, account].concat());
        Settings::parse(&kept.unwrap_or_default(), &self.ground.provision.settings)
    }

    /// Puts people and mailbox of the account into the telephone, and has its book opened.
    fn furnish(&mut self, moment: Moment, account: &Account) {
        let address = Uri::Sip(account.address.clone());
        let contacts = Contacts::new(account.address.host.to_string());
        self.phone.set_contacts(Arc::new(contacts));
        let proposed = self.ground.provision.voicemail.as_deref();
        let proposed = proposed.and_then(|number| self.phone.address(number));
        let book = ["webphone:", &address.to_string()].concat();
        self.phone.set_mailbox(Mailbox::new(address, proposed));
        self.open_book(moment.now, book);
    }

    /// The UUID of this installation, kept across visits (RFC 5626 §4.1). Where nothing can be kept,
    /// it lasts for the visit.
    fn instance(&self, entropy: &mut dyn Entropy) -> String {
        self.ground.store.get(INSTANCE).unwrap_or_else(|| {
            let instance = entropy.uuid();
            self.ground.store.set(INSTANCE, &instance);
            instance
        })
    }
}
