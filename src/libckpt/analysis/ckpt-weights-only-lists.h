/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/**
 * CkptWeightsOnlyName:
 * @name: a class or function, or a module
 * @releases: a bit for each of #ckpt_weights_only_releases that has it on its list
 */
typedef struct
{
  const char *name;
  guint releases;
} CkptWeightsOnlyName;

/* Made from weights-only/ by make-tables.py; sorted by name. */
extern const CkptWeightsOnlyName ckpt_weights_only_globals[];
extern const gsize ckpt_weights_only_n_globals;
extern const CkptWeightsOnlyName ckpt_weights_only_blocked_modules[];
extern const gsize ckpt_weights_only_n_blocked_modules;
/* From the oldest to the newest. */
extern const char *const ckpt_weights_only_releases[];
extern const guint ckpt_weights_only_n_releases;

G_END_DECLS
