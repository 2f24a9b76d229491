#!/usr/bin/env bash
# Starts the telephone network, a baresip on 127.0.0.2 that speaks plain SIP over UDP and plain RTP with G.711, and returns
# once it listens. stop.sh, with the same RUN_DIR or SIP_PORT, ends it.
#
#   +34910000001   answers at once
#   +34910000002   rings until it is told to answer
#
# It says a steady 440 Hz to whoever calls, and writes what it hears to sound/dump-<time>-dec.wav.
# Environment: SIP_PORT (5070), CONTROL_PORT (4444: ctrl_tcp, JSON in netstrings), RTP_PORTS (10000-19999), RUN_DIR.
# Prints one sentence: to stdout when it runs, to stderr when it cannot.
set -u
. "$(dirname "$0")/common.sh"

command -v baresip >/dev/null || fail "it is not installed (Debian: apt-get install baresip-core)."
must_be_free udp:SIP_PORT tcp:CONTROL_PORT

mkdir -p "$RUN_DIR/sound"
modules=$(dirname "$(dpkg -L baresip-core | grep -m 1 '/ctrl_tcp\.so$')")
cat >"$RUN_DIR/config" <<END
poll_method epoll
sip_listen $ADDRESS:$SIP_PORT
rtp_ports ${RTP_PORTS:-10000-19999}
audio_source ausine,440
snd_path $RUN_DIR/sound
audio_alert ausine,nil
ausrc_srate 48000
ausrc_channels 2
auplay_channels 1
call_local_timeout 120
module_path $modules
module g711.so
module ausine.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen $ADDRESS:$CONTROL_PORT
END
cat >"$RUN_DIR/accounts" <<END
<sip:+34910000001@$ADDRESS:$SIP_PORT>;regint=0;answermode=auto;audio_codecs=pcmu,pcma
<sip:+34910000002@$ADDRESS:$SIP_PORT>;regint=0;answermode=manual;audio_codecs=pcmu,pcma
END
: >"$RUN_DIR/contacts"
launch baresip -4 -n "$ADDRESS" -f "$RUN_DIR" -s
wait_until in_use tcp "$CONTROL_PORT" "$ADDRESS" && {
	echo "baresip listens on udp:$ADDRESS:$SIP_PORT and is controlled at tcp:$ADDRESS:$CONTROL_PORT."
	exit 0
}
"$here/stop.sh"
fail "it did not listen on port $CONTROL_PORT within a minute."
