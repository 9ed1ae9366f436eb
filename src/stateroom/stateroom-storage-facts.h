/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-facts.h"

#include <ckpt.h>

G_BEGIN_DECLS

void stateroom_storage_facts_add (StateroomFacts    *facts,
                                  CkptTree          *tree,
                                  const CkptStorage *storage);

G_END_DECLS
