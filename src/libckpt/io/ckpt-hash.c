/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-hash.h"

#include <string.h>
#include <sys/random.h>

typedef struct
{
  guint64 k0;
  guint64 k1;
} HashKey;

static const HashKey *
hash_key_get (void)
{
  static HashKey key;
  static gsize is_ready;

  if (g_once_init_enter (&is_ready))
    {
      if (getrandom (&key, sizeof key, GRND_NONBLOCK) != sizeof key)
        {
          key.k0 = ((guint64) g_random_int () << 32) | g_random_int ();
          key.k1 = ((guint64) g_random_int () << 32) | g_random_int ();
        }
      g_once_init_leave (&is_ready, 1);
    }
  return &key;
}

static inline guint64
rotate (guint64 value, guint by)
{
  return (value << by) | (value >> (64 - by));
}

static inline void
sip_round (guint64 v[4])
{
  v[0] += v[1];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[0] = rotate (v[0], 32);
  v[2] += v[3];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[2] = rotate (v[2], 32);
}

static inline void
sip_word (guint64 v[4], guint64 word)
{
  v[3] ^= word;
  sip_round (v);
  v[0] ^= word;
}

/**
 * ckpt_hash_bytes:
 * @bytes: (array length=length): what to hash
 * @length: bytes
 *
 * Hashes with SipHash-1-3 (Aumasson and Bernstein) under a key that is drawn once a process.
 *
 * Returns: the hash
 */
guint64
ckpt_hash_bytes (gconstpointer bytes, gsize length)
{
  const HashKey *key = hash_key_get ();
  const guint8 *at = bytes;
  gsize n_left = length;
  guint64 v[4] = {
    key->k0 ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    key->k1 ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    key->k0 ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    key->k1 ^ G_GUINT64_CONSTANT (0x7465646279746573),
  };
  guint64 word;

  for (; n_left >= 8; n_left -= 8, at += 8)
    {
      memcpy (&word, at, 8);
      sip_word (v, word);
    }
  word = (guint64) length << 56;
  for (gsize i = 0; i < n_left; i++)
    word |= (guint64) at[i] << (8 * i);
  sip_word (v, word);
  v[2] ^= 0xff;
  sip_round (v);
  sip_round (v);
  sip_round (v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/**
 * ckpt_str_hash:
 * @text: a string
 *
 * Returns: its hash, for a GHashTable
 */
guint
ckpt_str_hash (gconstpointer text)
{
  return (guint) ckpt_hash_bytes (text, strlen (text));
}
