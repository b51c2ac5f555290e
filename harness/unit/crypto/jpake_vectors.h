/* SPDX-License-Identifier: MIT */
/* Made by jpake_vectors.py; not to be edited.
 *
 * One exchange of suite c0ff in hex, of the numbers in `draws`: the private
 * keys count up, the other number of each proof is the SHA-256 of "v0" to
 * "v5", modulo the group's order. */
#ifndef UNIT_CRYPTO_JPAKE_VECTORS_H
#define UNIT_CRYPTO_JPAKE_VECTORS_H

#define JPAKE_PASSWORD "threadjpaketest"

/* What a client draws, and a server, in this order: the first key, its proof,
 * the second key, its proof, the proof of the third. */
static const char *const jpake_draws[2][5] = {
    {
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f21",
        "0270da4daac514f30bece5788a87ad7b800f59476d0d7e6f70d4b61fbc4f5e9e",
        "6162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f81",
        "3bfc269594ef649228e9a74bab00f042efc91d5acc6fbee31a382e80d42388fe",
        "ee8616502dd081f3f250cdef1b5f1c40a7be6b5eedd5936f26dccb2c5e312131",
    },
    {
        "8182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa1",
        "fb04dcb6970e4c3d1873de51fd5a50d7bb46b3383113602665c350ec40b5f990",
        "c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe1",
        "e0d2747b9ab7abb6eb65e0373fa1b428a28bd6d8a2380106dcc080f58005ee14",
        "8e38a1ea5c681c8e9a08f1af465f1f07d33d931de8f71af45ecbe957751c9a86",
    },
};

/* The round one of a client, and of a server. */
static const char *const jpake_hellos[2] = {
    "4104accf0106ef858fa2d919331346805a78b58bbad0b844e5c7892879146187"
    "dd2666ada781bb7f111372251a8910621f634df128ac48e381fd6ef9060731f6"
    "94a441044b920e3fa9266b5cad9277d67bc4bac96ace69a09b5934e0b10b5de5"
    "b8f1375f83e91cb9f733186376797db40914a57e641e9370a055003487a4287f"
    "9c9c4ea72042603739b1b600fdb915f009a0a735b7d8f3c85c0dc9a15c425632"
    "4cb36bd35441047ea6e3a4487037a9e0dbd79262b2cc273e779930fc18409ac5"
    "361c5fe669d702e147790aeb4ce7fd6575ab0f6c7fd1c335939aa863ba37ec91"
    "b7e32bb013bb2b41044b10814e78273b4a261c57e0d1652ae9946957cf8d884e"
    "a3acf992bfaad35bcfe0825f34570c0936011133192e342c66413687b1441df8"
    "159fd81655f22efe432053deb9cc2033c0446d84a4b180bf632f109911caa809"
    "97f3948c0ee94864849b",
    "4104a49558d32ed1ebfc1816af4ff09b55fcb4ca47b2a02d1e7caf1179ea3fe1"
    "395b22b861964016fabaf72c975695d93d4df0e5197fe9f040634ed597649377"
    "87be4104f1a1ef555650789ca716efacae5338ed6ee35f7a540a6e4596370c89"
    "72d1d2cff05165934d1b883cbda42b2ded333571c0869d483686fe7e45a8b32a"
    "dbd6a3492045be45a524cc2d0e87e49d8a99a683b6ab913729660925c9fe4a45"
    "7dfd2bcf064104190a07700ffa4be6ae1d79ee0f06aeb544cd5addaabedf70f8"
    "623321332c54f355f0fbfec783ed359e5d0bf7377a0fc4ea7ace473c9c112b41"
    "ccd41ac56a561241043838f6aeccbf5262b7c61a111acabce0bb3f5cc2191912"
    "f09e4f6f547053973d62a1f3de2fd09292b6e876271b2f3faf4f5cfc3a0a4e67"
    "94bb5ff8671e25236120cc90d396092151109b860099554333074ef4c42974e4"
    "7ed6b80b3517a62ee9a4",
};

/* The round two of the same. */
static const char *const jpake_keys[2] = {
    "41040bb9ab6d5e4a0e80f37b752e00feeb08b86c97c9b11737c25f24ef827a47"
    "f30e90ea1154d8ce312060e7aad320170bcf39ae74ba97cbb768033d50951fb9"
    "e5904104d019275c8738030fdd3931e9ac1461a0e04a32014bda6a6fde052023"
    "fde5ad9973a7b9f6e1e7543697a33898c8fd291dd8887117c5acb2382c9d0c70"
    "faafbc3d20a2950aaf7ad56f9cd6b3ad8cdb0154f8dd6cdb52474d14e2a0fc70"
    "78bdb89cd1",
    "410483c7fece8ca061bd4ca679573fc3b79504b68e60f44d3e7878a7950d3f84"
    "ff279c9aac8433003fc5d25ffb3ffa9ff7ef1fb874aad4d0d4c667dc509eb61e"
    "3a3e4104ba59fa9aec4ba594c388df3769909eceaef2b6d5fe18a6eba4f463ef"
    "2646901a8406c8cca98658ce21273bec57fc1d61269b70ed5d00164fbd36b998"
    "c76750172076d20c3385c82e7f6a59d1c88e524bd6c176e0868cb41b3bb4614a"
    "3a6200008f",
};

static const char jpake_secret[] =
    "38836ca365eaea8c6e37c4290bdc34ca88f27379780a18fd335d8cde494264d7";

/* The client's first key with a proof whose r has 31 bytes. */
static const char jpake_short_r[] =
    "4104accf0106ef858fa2d919331346805a78b58bbad0b844e5c7892879146187"
    "dd2666ada781bb7f111372251a8910621f634df128ac48e381fd6ef9060731f6"
    "94a44104c2cef8fc07f099f9315bfb1fdf485cd35b5f8634dbd55abd981dabfb"
    "ee6da6a7cc835a0a8bcc04af072e5c45bb66a61eebf0ff26f19aed6860621d86"
    "444b86fd1fd579a87cfd0e6edeaa879f6620d65c1996fb07e28202286119993e"
    "b0e3c8f0";

#endif
