/* SPDX-License-Identifier: MIT */
/* Hellos taken apart (peer/hello.h). */
#include "peer/hello.h"

#include "kit/kit.h"

static struct dtls_bytes keep(struct hello *hello, struct dtls_bytes body)
{
    assert_true(body.len <= sizeof hello->copy);
    memcpy(hello->copy, body.data, body.len);
    hello->block =
        (struct dtls_buf){hello->block_bytes, 0, sizeof hello->block_bytes};
    return dtls_bytes_of(hello->copy, body.len);
}

void hello_read_client(struct hello *hello, struct dtls_bytes body)
{
    assert_int_equal(
        dtls_client_hello_parse(&hello->client, keep(hello, body)), DTLS_OK);
    assert_true(dtls_put_bytes(&hello->block, hello->client.extensions));
}

void hello_read_server(struct hello *hello, struct dtls_bytes body)
{
    assert_int_equal(
        dtls_server_hello_parse(&hello->server, keep(hello, body)), DTLS_OK);
    assert_true(dtls_put_bytes(&hello->block, hello->server.extensions));
}

bool hello_has(const struct hello *hello, uint16_t type,
               struct dtls_bytes *data)
{
    struct dtls_bytes block = dtls_buf_bytes(&hello->block);
    uint16_t at = 0;

    while (block.len != 0) {
        assert_true(dtls_get_u16(&block, &at) && dtls_get_vec16(&block, data));
        if (at == type) {
            return true;
        }
    }
    return false;
}

void hello_drop(struct hello *hello, uint16_t type)
{
    uint8_t copy[sizeof hello->block_bytes];
    struct dtls_bytes block = dtls_bytes_of(copy, hello->block.len);
    struct dtls_bytes data;
    uint16_t at = 0;

    memcpy(copy, hello->block_bytes, hello->block.len);
    hello->block.len = 0;
    while (block.len != 0) {
        assert_true(dtls_get_u16(&block, &at) &&
                    dtls_get_vec16(&block, &data));
        if (at != type) {
            hello_add(hello, at, data.data, data.len);
        }
    }
}

void hello_add(struct hello *hello, uint16_t type, const void *data,
               size_t len)
{
    assert_true(dtls_put_u16(&hello->block, type) &&
                dtls_put_vec16(&hello->block, dtls_bytes_of(data, len)));
}

void hello_write(struct peer_message *message, const struct hello *hello)
{
    struct dtls_buf body = {message->body, 0, sizeof message->body};
    bool ok = message->type == DTLS_CLIENT_HELLO
                  ? dtls_client_hello_put(&body, &hello->client)
                  : dtls_server_hello_put(&body, &hello->server);

    assert_true(ok);
    if (hello->block.len != 0) {
        assert_true(dtls_put_vec16(&body, dtls_buf_bytes(&hello->block)));
    }
    message->len = body.len;
}
