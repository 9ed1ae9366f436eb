/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-weak.h"

/**
 * stateroom_weak_new:
 * @object: (type GObject): what an asynchronous call is for
 *
 * Returns: (transfer full): data for the callback, to be given to stateroom_weak_take() exactly once
 */
gpointer
stateroom_weak_new (gpointer object)
{
  GWeakRef *self = g_new (GWeakRef, 1);

  g_weak_ref_init (self, object);
  return self;
}

/**
 * stateroom_weak_take:
 * @weak: (transfer full): data that stateroom_weak_new() made
 *
 * Returns: (transfer full) (nullable): the object, if it is still there
 */
gpointer
stateroom_weak_take (gpointer weak)
{
  gpointer object = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  g_free (weak);
  return object;
}
