/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* What a file may ask for. Each is reachable by a test; `ckpt --limits` prints them. */
#define CKPT_LIMIT_INFLATED_PICKLE ((guint64) 256 << 20) /* bytes of a deflated pickle; stored ones may be as large as the file */
#define CKPT_LIMIT_NODES 20000000u                       /* values in one file */
#define CKPT_LIMIT_NODE_MEMORY ((guint64) 1 << 30)       /* bytes for values, their children, text and the memo */
#define CKPT_LIMIT_DEPTH 10000u                          /* levels of nesting, and marks open at once */
#define CKPT_LIMIT_TEXT_LINE ((guint64) 16 << 20)        /* bytes of a text argument that ends at a newline */
#define CKPT_LIMIT_GLOBAL_NAME ((guint64) 64 << 10)      /* bytes of a module or class name that is kept whole */
#define CKPT_LIMIT_INLINE_TEXT ((guint64) 64 << 10)      /* bytes of a text that is kept in memory; longer ones are read when asked for */
#define CKPT_LIMIT_RECORDS 1000000u                      /* records of a zip */
#define CKPT_LIMIT_ZIP_DIRECTORY ((guint64) 256 << 20)   /* bytes of the directory of a zip */
#define CKPT_LIMIT_SMALL_RECORD ((guint64) 64 << 10)     /* bytes of version, byteorder and the like */
#define CKPT_LIMIT_SAFETENSORS_HEADER 100000000u         /* bytes, as the official parser */
#define CKPT_LIMIT_DIMENSIONS 1024u                      /* dimensions of a tensor whose values are shown */
#define CKPT_LIMIT_DIMENSIONS_TORCH 64u                  /* dimensions that PyTorch takes; more are warned of */
#define CKPT_LIMIT_STATE_DICT ((guint64) 64 << 20)       /* bytes of the keys of a module's state dict, which shared modules multiply */
#define CKPT_LIMIT_BLOCK ((gsize) 8 << 20)               /* bytes of one buffer while values are streamed */

typedef struct
{
  const char *name;
  guint64 value;
  const char *unit;
} CkptLimit;

CKPT_EXPORT const CkptLimit *ckpt_limits_get (gsize *n_limits);

G_END_DECLS
