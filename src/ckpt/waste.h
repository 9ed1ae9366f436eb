/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "json.h"
#include "output.h"

G_BEGIN_DECLS

/* Where bytes of a file are there for nothing. */

void waste_print (Output            *output,
                  CkptTree          *tree);
void waste_write (JsonStream        *json,
                  CkptTree          *tree,
                  const CkptSummary *summary);

G_END_DECLS
