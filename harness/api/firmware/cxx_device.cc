/* SPDX-License-Identifier: MIT */
/* A device in C++: objects that own a session, a socket, a packet, a mutex,
 * and give them back at the end of their scope; callbacks that find their
 * object; templates over the block pool. */
#include "nx_api.h"
#include "nx_secure_dtls_api.h"
#include "nx_secure_x509.h"
#include "tx_block_pool.h"
#include "firmware.h"

#include <cstring>
#include <string>
#include <vector>

extern "C" {
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
}

namespace
{

/* A call that has failed, with its status. */
struct Failure {
    UINT status;
};

void check(UINT status)
{
    if (status != NX_SUCCESS) {
        throw Failure{status};
    }
}

class Lock
{
  public:
    explicit Lock(TX_MUTEX &mutex) : mutex_(mutex)
    {
        FIRMWARE_IS(tx_mutex_get(&mutex_, TX_WAIT_FOREVER), TX_SUCCESS);
    }
    ~Lock()
    {
        FIRMWARE_IS(tx_mutex_put(&mutex_), TX_SUCCESS);
    }
    Lock(const Lock &) = delete;
    Lock &operator=(const Lock &) = delete;

  private:
    TX_MUTEX &mutex_;
};

class Packet
{
  public:
    Packet() = default;
    Packet(Packet &&other) noexcept : packet_(other.release())
    {
    }
    ~Packet()
    {
        if (packet_ != NX_NULL) {
            FIRMWARE_OK(nx_packet_release(packet_));
        }
    }
    Packet(const Packet &) = delete;
    Packet &operator=(const Packet &) = delete;
    NX_PACKET **out()
    {
        return &packet_;
    }
    NX_PACKET *get()
    {
        return packet_;
    }
    NX_PACKET *release()
    {
        NX_PACKET *p = packet_;

        packet_ = NX_NULL;
        return p;
    }
    std::string text()
    {
        std::vector<char> bytes(packet_->nx_packet_length);
        ULONG copied = 0;

        check(nx_packet_data_retrieve(packet_, bytes.data(), &copied));
        return std::string(bytes.data(), copied);
    }

  private:
    NX_PACKET *packet_ = NX_NULL;
};

/* N blocks of one type, a multiple of a pointer's size, from a pool of
 * ThreadX. */
template <typename T, UINT N> class Blocks
{
  public:
    Blocks()
    {
        static CHAR name[] = "blocks";

        check(tx_block_pool_create(&pool_, name, sizeof(T), memory_,
                                   sizeof(memory_)));
    }
    ~Blocks()
    {
        FIRMWARE_IS(tx_block_pool_delete(&pool_), TX_SUCCESS);
    }
    T *take()
    {
        VOID *block = TX_NULL;

        check(tx_block_allocate(&pool_, &block, TX_NO_WAIT));
        return static_cast<T *>(block);
    }
    void give(T *block)
    {
        check(tx_block_release(block));
    }
    ULONG available()
    {
        ULONG n = 0;

        check(tx_block_pool_info_get(&pool_, TX_NULL, &n, TX_NULL, TX_NULL,
                                     TX_NULL, TX_NULL));
        return n;
    }

  private:
    TX_BLOCK_POOL pool_ = {};
    ALIGN_TYPE memory_[N * (sizeof(T) + sizeof(void *)) / sizeof(ALIGN_TYPE)] =
        {};
};

/* A client session that ends with its scope. */
class Client
{
  public:
    Client(FIRMWARE_NODE &node, NX_SECURE_X509_CERT &root) : node_(node)
    {
        firmware_socket_open(&node_, &socket_, NX_ANY_PORT);
        check(nx_secure_dtls_session_create(
            &session_, &nx_crypto_tls_ciphers, metadata_.data(),
            static_cast<ULONG>(metadata_.size()), buffer_.data(),
            static_cast<UINT>(buffer_.size()), 2, certificates_.data(),
            static_cast<ULONG>(certificates_.size())));
        check(nx_secure_dtls_session_trusted_certificate_add(&session_, &root,
                                                             1));
        check(nx_secure_tls_session_certificate_callback_set(
            &session_.nx_secure_dtls_tls_session, on_certificate));
    }
    ~Client()
    {
        (void)nx_secure_dtls_session_end(&session_, NX_IP_PERIODIC_RATE);
        FIRMWARE_OK(nx_secure_dtls_session_delete(&session_));
        firmware_socket_close(&socket_);
    }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    void connect(UINT n, const char *name)
    {
        NXD_ADDRESS address = firmware_address(n);

        expected_ = name;
        check(nx_secure_dtls_client_session_start(
            &session_, &socket_, &address, FIRMWARE_PORT, 500));
    }
    void send(const std::string &text)
    {
        Packet p;

        check(nx_secure_dtls_packet_allocate(&session_, &node_.pool, p.out(),
                                             NX_NO_WAIT));
        check(nx_packet_data_append(p.get(), const_cast<char *>(text.data()),
                                    static_cast<ULONG>(text.size()),
                                    &node_.pool, NX_NO_WAIT));
        check(nx_secure_dtls_client_session_send(&session_, p.get()));
        (void)p.release();
    }
    Packet receive()
    {
        Packet p;

        check(nx_secure_dtls_session_receive(&session_, p.out(), 500));
        return p;
    }

  private:
    /* The TLS session is the first member of the DTLS session, which is the
     * first member of this class. */
    static ULONG on_certificate(NX_SECURE_TLS_SESSION *session,
                                NX_SECURE_X509_CERT *certificate)
    {
        Client *self = reinterpret_cast<Client *>(session);

        return nx_secure_x509_common_name_dns_check(
            certificate, reinterpret_cast<const UCHAR *>(self->expected_),
            static_cast<UINT>(std::strlen(self->expected_)));
    }

    NX_SECURE_DTLS_SESSION session_ = {};
    FIRMWARE_NODE &node_;
    NX_UDP_SOCKET socket_ = {};
    std::vector<UCHAR> metadata_ = std::vector<UCHAR>(9000);
    std::vector<UCHAR> buffer_ = std::vector<UCHAR>(4000);
    std::vector<UCHAR> certificates_ =
        std::vector<UCHAR>(2 * (sizeof(NX_SECURE_X509_CERT) + 2000));
    const char *expected_ = "";
};

FIRMWARE_NODE device, host;
FIRMWARE_SERVER server;
NX_SECURE_X509_CERT identity, root;

UINT status_of_connect(const char *name)
{
    try {
        Client client(device, root);

        client.connect(2, name);
    } catch (const Failure &failure) {
        return failure.status;
    }
    return NX_SUCCESS;
}

void talk(TX_MUTEX &mutex)
{
    Client client(device, root);

    client.connect(2, "localhost");
    for (const char *text : {"one", "two", "three"}) {
        Lock lock(mutex);

        client.send(text);
        FIRMWARE_TRUE(client.receive().text() == text);
    }
}

void use_blocks()
{
    struct Reading {
        ULONG when;
        ULONG value;
    };
    Blocks<Reading, 4> blocks;
    Reading *reading = blocks.take();

    reading->when = tx_time_get();
    FIRMWARE_IS(blocks.available(), 3);
    blocks.give(reading);
    FIRMWARE_IS(blocks.available(), 4);
}

} // namespace

VOID firmware(VOID)
{
    static CHAR name[] = "mutex";
    TX_MUTEX mutex = {};
    ULONG count = 9;
    TX_THREAD *owner = TX_NULL;

    firmware_node_start(&device, 1);
    firmware_node_start(&host, 2);
    firmware_certificate(&identity, "rsa.der", "rsa.key.der",
                         NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    firmware_certificate(&root, "root.der", NX_NULL, 0);
    firmware_server_create(&server, &host, &nx_crypto_tls_ciphers,
                           firmware_server_echo);
    FIRMWARE_OK(nx_secure_dtls_server_local_certificate_add(&server.server,
                                                            &identity, 1));
    FIRMWARE_OK(nx_secure_dtls_server_start(&server.server));
    FIRMWARE_IS(tx_mutex_create(&mutex, name, TX_NO_INHERIT), TX_SUCCESS);
    FIRMWARE_IS(status_of_connect("elsewhere.example"),
                NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
    FIRMWARE_IS(status_of_connect("localhost"), NX_SUCCESS);
    talk(mutex);
    use_blocks();
    FIRMWARE_IS(tx_mutex_info_get(&mutex, TX_NULL, &count, &owner, TX_NULL,
                                  TX_NULL, TX_NULL),
                TX_SUCCESS);
    FIRMWARE_IS(count, 0);
    FIRMWARE_TRUE(owner == TX_NULL);
    FIRMWARE_IS(tx_mutex_delete(&mutex), TX_SUCCESS);
    firmware_server_delete(&server);
    firmware_node_stop(&device);
    firmware_node_stop(&host);
}
