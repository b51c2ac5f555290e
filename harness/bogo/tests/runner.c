/* SPDX-License-Identifier: MIT */
/* The scripted runner (runner.h). */
#include "runner.h"

#include "bogo/frames.h"
#include "kit/kit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 64
#define PATIENCE_S 20 /* a shim that says nothing for so long is broken */

static void put_number(uint8_t *out, uint64_t value, unsigned len)
{
    for (unsigned i = 0; i < len; i++) {
        out[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    }
}

static void tell(const struct runner *r, const void *bytes, size_t len)
{
    /* A shim that has given up no longer reads: its status says why. */
    (void)send(r->fd, bytes, len, MSG_NOSIGNAL);
}

/* False at the end of the stream. */
static bool hear(const struct runner *r, void *out, size_t len)
{
    uint8_t *at = out;

    while (len != 0) {
        ssize_t n = recv(r->fd, at, len, 0);

        if (n <= 0) {
            return false;
        }
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static uint16_t listen_somewhere(struct runner *r)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;

    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(r->listener >= 0);
    assert_int_equal(
        bind(r->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(r->listener, 1), 0);
    assert_int_equal(
        getsockname(r->listener, (struct sockaddr *)&address, &len), 0);
    return ntohs(address.sin_port);
}

static void exec_shim(const struct runner *r, char *const *argv)
{
    int nothing = open("/dev/null", O_RDWR);

    if (r->program != NULL && chdir("/") != 0) {
        _exit(126);
    }
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(nothing, STDOUT_FILENO);
    (void)dup2(r->errors, STDERR_FILENO);
    (void)execv(argv[0], argv);
    _exit(127);
}

/* The shim's command line: copies, as execv wants to have them. */
struct command {
    char *argv[ARGS_MAX];
    size_t num;
};

static void append(struct command *c, const char *arg)
{
    assert_true(c->num < ARGS_MAX - 1);
    c->argv[c->num] = strdup(arg);
    assert_non_null(c->argv[c->num++]);
}

static void append_number(struct command *c, const char *flag, uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    append(c, flag);
    append(c, text);
}

static void spawn(struct runner *r, uint16_t port, const char *const *args)
{
    struct command c = {0};
    int alive[2];

    append(&c, r->program != NULL ? r->program : NXDTLS_BOGO_SHIM);
    append_number(&c, "-port", port);
    append_number(&c, "-shim-id", RUNNER_SHIM_ID);
    append(&c, "-dtls");
    if (r->peer.role == DTLS_CLIENT) {
        append(&c, "-server");
    }
    for (; *args != NULL; args++) {
        append(&c, *args);
    }
    assert_int_equal(pipe2(alive, O_CLOEXEC), 0);
    r->shim = fork();
    assert_true(r->shim >= 0);
    if (r->shim == 0) {
        (void)fcntl(alive[1], F_SETFD, 0); /* closes when the shim ends */
        exec_shim(r, c.argv);
    }
    (void)close(alive[1]);
    r->alive = alive[0];
    for (size_t i = 0; i < c.num; i++) {
        free(c.argv[i]);
    }
}

static void answer(struct runner *r)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    const int on = 1;
    struct pollfd either[] = {{.fd = r->listener, .events = POLLIN},
                              {.fd = r->alive}};
    uint8_t id[8];
    uint64_t number = 0;

    assert_true(poll(either, LEN(either), PATIENCE_S * 1000) > 0);
    if ((either[0].revents & POLLIN) == 0) {
        return; /* it has nothing to say: its status tells why */
    }
    r->fd = accept(r->listener, NULL, NULL);
    assert_true(r->fd >= 0);
    assert_int_equal(
        setsockopt(r->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience),
        0);
    assert_int_equal(
        setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
    assert_true(hear(r, id, sizeof id));
    for (unsigned i = 0; i < sizeof id; i++) {
        number |= (uint64_t)id[i] << (8 * i);
    }
    assert_true(number == RUNNER_SHIM_ID);
}

void runner_start(struct runner *r, const char *const *args)
{
    char name[] = "/tmp/bogo-shim-XXXXXX";

    r->errors = mkstemp(name);
    assert_true(r->errors >= 0);
    (void)unlink(name);
    r->num_sent = 0;
    r->fd = -1;
    r->out = (struct dtls_buf){r->out_bytes, 0, sizeof r->out_bytes};
    spawn(r, listen_somewhere(r), args);
    answer(r);
    peer_start(&r->peer);
}

void runner_end(struct runner *r)
{
    uint8_t rest[256];
    ssize_t len;
    int status;

    if (r->fd >= 0) {
        (void)shutdown(r->fd, SHUT_WR);
        while (recv(r->fd, rest, sizeof rest, 0) > 0) {
        }
        (void)close(r->fd);
    }
    (void)close(r->listener);
    (void)close(r->alive);
    assert_int_equal(waitpid(r->shim, &status, 0), r->shim);
    r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    len = pread(r->errors, r->text, sizeof r->text - 1, 0);
    assert_true(len >= 0);
    r->text[len] = '\0';
    (void)close(r->errors);
    runner_forget(r);
    peer_free(&r->peer);
}

void runner_forget(struct runner *r)
{
    for (size_t i = 0; i < r->num_sent; i++) {
        free(r->sent[i].bytes);
    }
    r->num_sent = 0;
}

void runner_send_bytes(struct runner *r, struct dtls_bytes datagram)
{
    uint8_t header[5] = {BOGO_DATAGRAM};

    put_number(&header[1], datagram.len, 4);
    tell(r, header, sizeof header);
    tell(r, datagram.data, datagram.len);
}

void runner_send(struct runner *r)
{
    runner_send_bytes(r, dtls_buf_bytes(&r->out));
    r->out.len = 0;
}

static bool hear_datagram(struct runner *r)
{
    struct runner_datagram *d = &r->sent[r->num_sent];
    uint8_t len[4];

    assert_true(r->num_sent < RUNNER_SENT_MAX);
    if (!hear(r, len, sizeof len)) {
        return false;
    }
    d->len = (size_t)len[0] << 24 | (size_t)len[1] << 16 |
             (size_t)len[2] << 8 | len[3];
    d->bytes = malloc(d->len + 1);
    assert_non_null(d->bytes);
    r->num_sent++;
    return hear(r, d->bytes, d->len);
}

void runner_pass(struct runner *r, uint64_t ms)
{
    uint8_t frame[9] = {BOGO_TIME};
    uint8_t op;

    put_number(&frame[1], ms * 1000000, 8);
    tell(r, frame, sizeof frame);
    while (hear(r, &op, 1) && op == BOGO_DATAGRAM && hear_datagram(r)) {
    }
}

void runner_settle(struct runner *r)
{
    runner_pass(r, 0);
}

void runner_hand(struct runner *r)
{
    for (size_t i = 0; i < r->num_sent; i++) {
        peer_receive(&r->peer,
                     dtls_bytes_of(r->sent[i].bytes, r->sent[i].len));
    }
    runner_forget(r);
}

void runner_exchange(struct runner *r)
{
    runner_settle(r);
    runner_hand(r);
    peer_take_flight(&r->peer);
}

void runner_say_all(struct runner *r)
{
    for (size_t i = 0; i < r->peer.num_messages; i++) {
        peer_put_message(&r->peer, &r->out, &r->peer.messages[i]);
        runner_send(r);
    }
}

void runner_handshake(struct runner *r)
{
    for (unsigned i = 0; i < 8; i++) {
        runner_exchange(r);
        runner_say_all(r);
        if (dtls_session_is_connected(&r->peer.session)) {
            runner_settle(r);
            return;
        }
    }
    runner_end(r);
    fail_msg("not connected; the shim: %d, %s", r->status, r->text);
}

static void tell_number(struct runner *r, uint8_t op, uint64_t value,
                        unsigned len)
{
    uint8_t frame[9] = {op};

    put_number(&frame[1], value, len);
    tell(r, frame, 1 + len);
}

void runner_expect_timer(struct runner *r, uint64_t ns)
{
    tell_number(r, BOGO_EXPECT, ns, 8);
}

void runner_set_mtu(struct runner *r, uint32_t mtu)
{
    tell_number(r, BOGO_MTU, mtu, 4);
}

void runner_set_timeout(struct runner *r, uint32_t ms)
{
    tell_number(r, BOGO_TIMEOUT, ms, 4);
}

void runner_check_echo(struct runner *r, size_t len)
{
    static uint8_t message[PEER_BODY_MAX];
    unsigned before = r->peer.num_data;

    memset(message, 0x42, len);
    peer_put_data(&r->peer, &r->out, dtls_bytes_of(message, len));
    runner_send(r);
    runner_settle(r);
    runner_hand(r);
    if (r->peer.num_data != before + 1) {
        runner_end(r);
        fail_msg("no echo; the shim: %d, %s", r->status, r->text);
    }
    assert_int_equal(r->peer.data_len, len);
    for (size_t i = 0; i < len; i++) {
        kit_row("byte %zu", i);
        assert_int_equal(r->peer.data[i], message[i] ^ 0xff);
    }
}

void runner_succeeds(struct runner *r)
{
    runner_end(r);
    assert_string_equal(r->text, "");
    assert_int_equal(r->status, 0);
}

void runner_fails(struct runner *r, const char *token, uint8_t alert)
{
    runner_settle(r);
    runner_hand(r);
    if (alert != 0) {
        assert_int_equal(r->peer.session.peer_alert[0], 2);
        assert_int_equal(r->peer.session.peer_alert[1], alert);
    }
    runner_end(r);
    assert_int_not_equal(r->status, 0);
    if (strstr(r->text, token) == NULL) {
        fail_msg("the shim says \"%s\", not %s", r->text, token);
    }
}
